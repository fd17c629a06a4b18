import type { Channel as DeclaredChannel } from "../../contract/campaign.ts";
import type { Channel } from "./channel.ts";
import type { FindChannel } from "./claim.ts";

/**
 * Finds ways out: the connector that a campaign's channel names, else the way for its kind.
 *
 * @param connectors by name.
 * @param own ways of the worker itself, by kind.
 */
export function ways(
  connectors: ReadonlyMap<string, Channel>,
  own: Partial<Record<DeclaredChannel["kind"], Channel>>,
): FindChannel {
  return ({ kind, secret }) => (secret === undefined ? own[kind] : connectors.get(secret));
}
