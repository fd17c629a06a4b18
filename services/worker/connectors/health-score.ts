import type { Profile } from "../../contract/profile.ts";

const DAY = 24 * 3_600_000;

/** Days after which what a person did last counts half. */
const HALF_LIFE = 14;

/** Days that are looked at, and on how many of them a person has to do something for the full score. */
const DAYS = 30;
const FULL = 10;

/**
 * How much a person has to do with us, 0-100: one half is how lately, the other on how many of the last 30 days they did
 * anything at all.
 */
export function healthScore({ activity }: Pick<Profile, "activity">, now: Date): number {
  const times = Object.values(activity).map(({ lastAt }) => Date.parse(lastAt));
  const sinceDays = Math.max(0, now.getTime() - Math.max(-Infinity, ...times)) / DAY;
  const from = new Date(now.getTime() - DAYS * DAY).toISOString().slice(0, 10);
  const days = new Set(
    Object.values(activity)
      .flatMap((one) => Object.keys(one.days))
      .filter((day) => day > from),
  );
  const lately = 2 ** -(sinceDays / HALF_LIFE);
  return Math.round(50 * lately + 50 * Math.min(1, days.size / FULL));
}
