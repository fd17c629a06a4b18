import { randomUUID } from "node:crypto";

import type { Purpose } from "../../contract/event.ts";
import type { Draft, Submission } from "../dialects/dialect.ts";
import type { Fields } from "../dialects/fields.ts";
import { isoTime } from "../dialects/clock.ts";
import type { Decision, DecidingFlag } from "./decide.ts";

/** Somebody who was given a variant. */
export interface Exposed {
  /** Id that the variant was drawn by. */
  readonly id: string;
  readonly anonymousId: string | null;
  readonly userId: string | null;
  readonly consent: readonly Purpose[];
  /** What else is known of them. */
  readonly context: Fields;
}

/**
 * The event of an experiment's variant given to somebody, one a day: to be given the same again is no news.
 *
 * @param at milliseconds since 1970.
 * @param raw the request that asked.
 */
export function exposureTo(
  { id, ...exposed }: Exposed,
  { flag, version }: DecidingFlag,
  { variant }: Decision,
  at: number,
  raw: Buffer,
): Submission {
  const draft: Draft = {
    // Without consent nothing may be left that leads back to a person, not even a digest.
    id: exposed.consent.includes("analytics") ? undefined : randomUUID(),
    type: "exposure",
    name: flag.key,
    occurredAt: isoTime(at)!,
    properties: { experiment: flag.key, variant: variant.key, version },
    campaign: flag.campaign,
    ...exposed,
  };
  const day = isoTime(at)!.slice(0, 10);
  return {
    draft,
    sent: { experiment: flag.key, salt: flag.salt, variant: variant.key, id, day },
    raw: () => raw,
  };
}
