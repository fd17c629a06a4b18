import type { Purpose } from "./event.ts";

/** What is known of a person from the events of all their ids. */
export interface Profile {
  /** `user:<id>`, or `anonymous:<id>` of somebody who never logged in. */
  readonly person: string;

  /** All ids of the person in the same form, in order. */
  readonly ids: readonly string[];

  /** What `identify` events said, the latest of each name. */
  readonly traits: Readonly<Record<string, unknown>>;

  /** How often the person did what, by the name of a `track` event, and the type of every other. */
  readonly activity: Readonly<Record<string, Activity>>;

  /** Purposes granted by the latest event. */
  readonly consent: readonly Purpose[];
}

/** How often and when a person did something; times are UTC as `2026-01-31T12:00:00.000Z`. */
export interface Activity {
  readonly count: number;
  readonly firstAt: string;
  readonly lastAt: string;
  /** Count by UTC day, `2026-01-31`; days without are left out. */
  readonly days: Readonly<Record<string, number>>;
}
