/** A wall clock's time in some time zone. */
export interface LocalTime {
  /** `YYYY-MM-DD`. */
  readonly date: string;
  /** `HH:MM`, 00:00-23:59. */
  readonly time: string;
}

const MINUTE = 60_000;
const DAY = 24 * 60 * MINUTE;

/** Whether this runtime knows an IANA time zone, such as `Europe/Berlin`. */
export function isTimeZone(name: string): boolean {
  try {
    new Intl.DateTimeFormat("en", { timeZone: name });
    return true;
  } catch {
    return false;
  }
}

/** What clocks in a time zone show at an instant. */
export function localTimeAt(instant: Date, timeZone: string): LocalTime {
  const shown = new Date(instant.getTime() + offsetAt(instant.getTime(), timeZone)).toISOString();
  return { date: shown.slice(0, 10), time: shown.slice(11, 16) };
}

/**
 * The first and the last instant at which clocks in a time zone show a time. They differ in the hour that comes twice when
 * clocks are put back; a time that is skipped when they are put forward counts from before the leap to after it.
 */
export function instantsOf(
  { date, time }: LocalTime,
  timeZone: string,
): { readonly earliest: Date; readonly latest: Date } {
  const shown = Date.parse(`${date}T${time}:00Z`);
  const offsets = [shown - DAY, shown + DAY].map((near) => offsetAt(near, timeZone));
  const possible = offsets.map((offset) => shown - offset);
  const exact = possible.filter((instant, index) => offsetAt(instant, timeZone) === offsets[index]);
  const instants = exact.length > 0 ? exact : possible;
  return { earliest: new Date(Math.min(...instants)), latest: new Date(Math.max(...instants)) };
}

/** The first instant at which clocks in a time zone show a time; where it is skipped, that at which they are put forward. */
export function firstInstantOf(local: LocalTime, timeZone: string): Date {
  const { earliest, latest } = instantsOf(local, timeZone);
  if (localTimeAt(earliest, timeZone).time === local.time) return earliest;
  let [before, after] = [earliest.getTime(), latest.getTime()];
  const offset = offsetAt(before, timeZone);
  while (after - before > MINUTE) {
    const middle = before + Math.floor((after - before) / 2 / MINUTE) * MINUTE;
    if (offsetAt(middle, timeZone) === offset) before = middle;
    else after = middle;
  }
  return new Date(after);
}

/** How far clocks in a time zone are ahead of UTC, in milliseconds. */
function offsetAt(instant: number, timeZone: string): number {
  const parts = clockOf(timeZone).formatToParts(instant);
  const [year, month, day, hour, minute] = ["year", "month", "day", "hour", "minute"].map((type) =>
    Number(parts.find((part) => part.type === type)!.value),
  ) as [number, number, number, number, number];
  const wholeMinute = Math.floor(instant / MINUTE) * MINUTE;
  return Date.UTC(year, month - 1, day, hour, minute) - wholeMinute;
}

const clocks = new Map<string, Intl.DateTimeFormat>();

/** Making one takes longer than reading it a hundred times. */
function clockOf(timeZone: string): Intl.DateTimeFormat {
  const known = clocks.get(timeZone);
  if (known) return known;
  const made = new Intl.DateTimeFormat("en", {
    timeZone,
    hourCycle: "h23",
    year: "numeric",
    month: "numeric",
    day: "numeric",
    hour: "numeric",
    minute: "numeric",
  });
  clocks.set(timeZone, made);
  return made;
}
