import type { CampaignWindow } from "./campaign.ts";
import { firstInstantOf, instantsOf, localTimeAt, type LocalTime } from "./zoned-time.ts";

/**
 * Where a campaign is: not accepted yet; accepted, before its window; in it; held for a while; held for good; after its
 * window, or without its file.
 */
export type Phase = "pending" | "scheduled" | "live" | "paused" | "stopped" | "ended";

/** What somebody decided by hand; a pause is meant to end. */
export type Hold = "paused" | "stopped";

/** The instants of a window, from the first in it to the first after it. */
export interface Span {
  readonly opensAt: Date;
  readonly closesAt: Date;
}

/**
 * When a window is open: from the first instant at which clocks show its `from` or later, until none shows less than its `to`
 * any more. So an edge that clocks skip is where they are put forward, and an hour that comes twice is in it twice.
 */
export function spanOf({ timeZone, from, to }: CampaignWindow): Span {
  const opensAt = firstInstantOf(localTime(from), timeZone);
  const closing = firstInstantOf(localTime(to), timeZone);
  const { latest } = instantsOf(localTime(to), timeZone);
  const before = localTimeAt(new Date(latest.getTime() - 1), timeZone);
  return { opensAt, closesAt: `${before.date} ${before.time}` < to ? latest : closing };
}

/** The phase of an accepted campaign at an instant. */
export function phaseAt({ opensAt, closesAt }: Span, hold: Hold | undefined, now: Date): Phase {
  if (now >= closesAt) return "ended";
  if (hold) return hold;
  return now < opensAt ? "scheduled" : "live";
}

function localTime(text: string): LocalTime {
  return { date: text.slice(0, 10), time: text.slice(11) };
}
