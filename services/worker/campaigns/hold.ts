import { randomUUID } from "node:crypto";
import type { Hold } from "../../contract/campaign-phase.ts";
import type { Transaction } from "../transaction.ts";
import { recordChange } from "./change.ts";
import { HOLD_ANNOTATION, type CampaignResource } from "./resource.ts";

/** How somebody holds a campaign by its annotation; what is neither word pauses it: a slip must not let anything out. */
export function holdOf({ metadata }: CampaignResource): Hold | undefined {
  const value = metadata.annotations?.[HOLD_ANNOTATION];
  if (value === undefined) return undefined;
  return value === "stopped" ? "stopped" : "paused";
}

/** Holds a campaign, or lets it go on. */
export async function hold(
  transaction: Transaction,
  campaign: string,
  held: Hold | undefined,
): Promise<void> {
  await transaction.query("update campaigns.campaign set hold = $2 where name = $1", [
    campaign,
    held ?? null,
  ]);
  await recordChange(transaction, {
    kind: "campaign.hold",
    campaign,
    key: randomUUID(),
    details: { hold: held ?? null },
  });
}

/** Ends a campaign whose file is gone. */
export async function remove(transaction: Transaction, campaign: string): Promise<void> {
  await transaction.query(
    "update campaigns.campaign set removed_at = clock_timestamp() where name = $1",
    [campaign],
  );
  await transaction.query("delete from campaigns.held where campaign = $1", [campaign]);
  await recordChange(transaction, {
    kind: "campaign.remove",
    campaign,
    key: randomUUID(),
    details: {},
  });
}
