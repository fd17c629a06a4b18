import { MalformedBody } from "./dialect.ts";
import type { Draft, Submission, Unusable } from "./dialect.ts";

/** So many events a request may hold: more than any SDK sends, and few enough that none of them is a flood. */
export const MAX_EVENTS = 2_500;

/**
 * Submissions of the events of one request, each of which can be read without the others.
 *
 * @param slices gives the bytes of each; called once, and only if one is bad.
 * @throws MalformedBody if there are too many.
 */
export function submissionsOf(
  events: readonly unknown[],
  slices: () => readonly Buffer[],
  toDraft: (event: unknown, index: number) => Draft | Unusable,
): Submission[] {
  checkCount(events.length, MAX_EVENTS);
  let found: readonly Buffer[] | undefined;
  return events.map((event, index) => ({
    draft: toDraft(event, index),
    sent: event,
    raw: () => (found ??= slices())[index]!,
  }));
}

/** @throws MalformedBody if a request holds more than `max` events. */
export function checkCount(events: number, max: number): void {
  if (events > max) throw new MalformedBody(`events must be at most ${max}, got ${events}`);
}
