import type { CampaignSpec, JourneyStep } from "../../contract/campaign.ts";
import { firstInstantOf, instantsOf, localTimeAt } from "../../contract/zoned-time.ts";

const HOUR = 60 * 60 * 1000;
const DAY = 24 * HOUR;

/**
 * When a wait is over that began at an instant.
 *
 * Days are those of the calendar: one day later clocks show the same time, however long the night between was. Hours are real
 * ones and come after the days. With `at` it is over when clocks show that time, on that day or else on the next; a time that
 * comes twice in a night counts once, and one that is skipped is when clocks are put forward.
 */
export function endOfWait(
  { days = 0, hours = 0, at }: NonNullable<JourneyStep["wait"]>,
  since: Date,
  timeZone: string,
): Date {
  const begun = localTimeAt(since, timeZone);
  const moved =
    days === 0
      ? since
      : new Date(
          // Seconds are not in a local time.
          firstInstantOf(
            { date: plusDays(begun.date, days), time: begun.time },
            timeZone,
          ).getTime() +
            (since.getTime() % 60_000),
        );
  const least = new Date(moved.getTime() + hours * HOUR);
  if (at === undefined) return least;
  const { date } = localTimeAt(least, timeZone);
  // Of the day that the days lead to it is the time of day alone that counts.
  const earliest = days > 0 && hours === 0 ? since : least;
  const sameDay = firstInstantOf({ date, time: at }, timeZone);
  return sameDay >= earliest
    ? sameDay
    : firstInstantOf({ date: plusDays(date, 1), time: at }, timeZone);
}

/** The first instant, from `now` on, that is not in the quiet hours. */
export function afterQuietHours(
  quiet: CampaignSpec["quietHours"],
  timeZone: string,
  now: Date,
): Date {
  if (!quiet) return now;
  const { date, time } = localTimeAt(now, timeZone);
  const { from, to } = quiet;
  const isOverNight = from > to;
  const isQuiet = isOverNight ? time >= from || time < to : time >= from && time < to;
  if (!isQuiet) return now;
  const endsOn = isOverNight && time >= from ? plusDays(date, 1) : date;
  const end = firstInstantOf({ date: endsOn, time: to }, timeZone);
  // Clocks were put back to before the end, which comes twice.
  return end > now ? end : instantsOf({ date: endsOn, time: to }, timeZone).latest;
}

/** First instant of the day after the one that clocks show. */
export function nextDay(timeZone: string, now: Date): Date {
  const { date } = localTimeAt(now, timeZone);
  return firstInstantOf({ date: plusDays(date, 1), time: "00:00" }, timeZone);
}

function plusDays(date: string, days: number): string {
  return new Date(Date.parse(`${date}T00:00:00Z`) + days * DAY).toISOString().slice(0, 10);
}
