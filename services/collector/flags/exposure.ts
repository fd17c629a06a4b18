import { randomUUID } from "node:crypto";

import { isWhole } from "../../contract/consent.ts";
import { digestId } from "../../contract/event-id.ts";
import type { Draft, Submission } from "../dialects/dialect.ts";
import type { Fields } from "../dialects/fields.ts";
import { isoTime } from "../dialects/clock.ts";
import type { FlagSet } from "./flags.ts";

/** Somebody who was given a variant. */
export interface Exposed extends Pick<Draft, "anonymousId" | "userId" | "consent"> {
  /** Id that the variant was drawn by. */
  readonly id: string;
  /** What else is known of them. */
  readonly context: Fields;
}

/** What they were given; the experiment may be none that is declared now. */
export interface Given {
  /** The flags now. */
  readonly set: FlagSet;
  /** Key of the flag. */
  readonly experiment: string;
  /** Key of the variant. */
  readonly variant: string;
  /** The SDK's own id of the event. @default - one a day: to be given the same again is no news */
  readonly messageId?: string;
}

/**
 * The event of an experiment's variant given to somebody.
 *
 * @param at when, in milliseconds since 1970.
 * @param raw see {@link Submission.raw}.
 */
export function exposureTo(
  { id, ...exposed }: Exposed,
  { set, experiment, variant, messageId }: Given,
  at: number,
  raw: () => Buffer,
): Submission {
  const { flag, version } = set.byKey.get(experiment) ?? {};
  const day = isoTime(at)!.slice(0, 10);
  const sent = { experiment, salt: flag?.salt, variant, id, day };
  // Without consent nothing may be left that leads back to a person, not even a digest.
  const anyId = isWhole(exposed.consent ?? []) ? digestId(sent) : randomUUID();
  const draft: Draft = {
    ...exposed,
    id: messageId ?? anyId,
    type: "exposure",
    name: experiment,
    occurredAt: isoTime(at)!,
    properties: { experiment, variant, ...(version === undefined ? {} : { version }) },
    campaign: flag?.campaign ?? null,
  };
  return { draft, sent, raw };
}
