import type { Span } from "../../contract/campaign-phase.ts";
import type { CampaignSpec, JourneyStep } from "../../contract/campaign.ts";
import type { Profile } from "../../contract/profile.ts";
import { endOfWait } from "./clocks.ts";
import { countsOf, holds, isIn, type Counts } from "./rules.ts";

/**
 * The journey of one person, without a clock or a database of its own: the worker runs it on the real ones, a simulation on
 * simulated ones.
 *
 * `mayEnter` and `variantOf` (`share.ts`) say who comes in, `placeOf` where they begin, `next` what happens to them then, and
 * `mayLeave` (`gate.ts`) whether a message may leave at that moment.
 */

/** Where a person is in a journey. */
export interface Place {
  /** Name of the step that is next or waits; null behind the last one. */
  readonly step: string | null;
  /** Since when they are there. */
  readonly since: Date;
  /** What they had done when they came in, as far as branches ask. */
  readonly before: Counts;
}

/** What happens next. */
export type Move =
  /** Nothing until then; ask again with `place`. */
  | { readonly kind: "wait"; readonly until: Date; readonly place: Place }
  /**
   * A message is due. As soon as it left, or never will, what comes after it begins at `place`, with that moment as `since`. On
   * a channel of kind `web` nothing leaves: the edge shows it, and what comes after begins at once.
   */
  | {
      readonly kind: "send";
      readonly step: string;
      /** Name of the campaign's channel. */
      readonly channel: string;
      /** Name of the campaign's content, that of the person's variant. */
      readonly content: string;
      readonly place: Place;
    }
  | { readonly kind: "end"; readonly reason: string };

/** Whether a person comes in, if their share of the audience is reached. */
export function mayEnter(
  spec: CampaignSpec,
  { opensAt, closesAt }: Span,
  person: Profile,
  now: Date,
): boolean {
  if (now < opensAt || now >= closesAt) return false;
  const { startsWith } = spec.journey;
  if (startsWith !== undefined) {
    const last = person.activity[startsWith]?.lastAt;
    if (last === undefined || new Date(last) < opensAt) return false;
  }
  return isIn(spec.audience, person, now);
}

/** Where a person begins who comes in now. */
export function placeOf({ journey }: CampaignSpec, person: Profile, now: Date): Place {
  const asked = journey.steps.flatMap(({ branch }) => branch?.if ?? []);
  const events = asked.flatMap(({ event }) => event ?? []);
  return { step: journey.steps[0]!.name, since: now, before: countsOf(events, person) };
}

/**
 * What happens next to a person at a place, for somebody who asks at `now`, which is not before `place.since`.
 *
 * @param variant that the person was given.
 */
export function next(
  spec: CampaignSpec,
  variant: string,
  place: Place,
  person: Profile,
  now: Date,
): Move {
  const { steps } = spec.journey;
  let { step: name, since } = place;
  // A branch leads on only, so this ends. A step that the file has no more is the end too.
  for (;;) {
    const index = steps.findIndex((step) => step.name === name);
    const step = steps[index];
    if (!step) return { kind: "end", reason: "came to the end" };
    const after = steps[index + 1]?.name ?? null;
    if (step.end !== undefined) return { kind: "end", reason: step.end };
    if (step.send) {
      const { channel, content } = step.send;
      return {
        kind: "send",
        step: step.name,
        channel,
        content: contentFor(spec, variant, content),
        place: { ...place, step: after, since: now },
      };
    }
    if (step.wait) {
      const until = endOfWait(step.wait, since, spec.window.timeZone);
      if (until > now) return { kind: "wait", until, place: { ...place, step: step.name, since } };
      // Who asks late does not make the next wait begin late.
      [name, since] = [after, until > since ? until : since];
      continue;
    }
    name = led(step, person, now, place.before) ?? after;
  }
}

/** Where a branch leads; undefined for the next step. */
function led({ branch }: JourneyStep, person: Profile, now: Date, before: Counts) {
  const { if: rules, then, otherwise } = branch!;
  return rules.every((rule) => holds(rule, person, now, before)) ? then : otherwise;
}

/** Name of the content that a variant shows where the journey has `content`. */
export function contentFor({ variants }: CampaignSpec, variant: string, content: string): string {
  return variants.find(({ name }) => name === variant)?.content?.[content] ?? content;
}
