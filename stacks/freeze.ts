import { instantsOf, isTimeZone, localTimeAt } from "../services/contract/zoned-time.ts";

/** A time in which nothing is promoted to an environment: once, or each week. */
export interface FreezeWindow {
  /** What people call it. */
  readonly name: string;
  /** IANA time zone of `from` and `to`. */
  readonly timeZone: string;
  /** First minute: `2026-12-18 18:00`, or each week `Friday 16:00`. */
  readonly from: string;
  /** First minute after it, in the form of `from`. */
  readonly to: string;
}

const WEEKDAYS = ["Sunday", "Monday", "Tuesday", "Wednesday", "Thursday", "Friday", "Saturday"];
const TIME = "([01]\\d|2[0-3]):[0-5]\\d";
const ONCE = new RegExp(`^\\d{4}-\\d\\d-\\d\\d ${TIME}$`);
const WEEKLY = new RegExp(`^(${WEEKDAYS.join("|")}) ${TIME}$`);

/** What is wrong with the value of the key `freezeWindows`; empty if it will do. */
export function freezeProblems(value: unknown): string[] {
  const key = "marketing-stack:freezeWindows";
  if (!Array.isArray(value)) return [`${key} must be a list, got ${JSON.stringify(value)}`];
  return value.flatMap((window: Partial<FreezeWindow> | null, index) => {
    const problem = problemOf(window ?? {});
    return problem ? [`${key}[${index}] must ${problem}, got ${JSON.stringify(window)}`] : [];
  });
}

function problemOf(window: Partial<Record<keyof FreezeWindow, unknown>>): string | undefined {
  const { name, timeZone, from, to } = window;
  if (typeof name !== "string" || name === "") return "have a name";
  if (typeof timeZone !== "string" || !isTimeZone(timeZone)) {
    return "have an IANA time zone such as Europe/Berlin as timeZone";
  }
  const [first, end] = [String(from), String(to)];
  if (WEEKLY.test(first) && WEEKLY.test(end)) return undefined;
  if (!ONCE.test(first) || !ONCE.test(end) || !isDate(first) || !isDate(end)) {
    return 'have from and to, both like "2026-12-18 18:00" or both like "Friday 16:00"';
  }
  return first < end ? undefined : "have a from that is before its to";
}

function isDate(text: string): boolean {
  const date = text.slice(0, 10);
  const day = new Date(`${date}T00:00:00Z`);
  return !Number.isNaN(day.getTime()) && day.toISOString().startsWith(date);
}

/** A freeze window that is open, and the instant at which it closes. */
export interface OpenFreeze {
  readonly window: FreezeWindow;
  readonly until: Date;
}

/**
 * The freeze window that is open at an instant, the one that closes last if there are several.
 *
 * Clocks that are put forward or back make a window longer, never shorter.
 */
export function openFreeze(windows: readonly FreezeWindow[], now: Date): OpenFreeze | undefined {
  return windows
    .flatMap((window) => {
      const span = spansNear(window, now).find(({ from, to }) => from <= now && now < to);
      return span ? [{ window, until: span.to }] : [];
    })
    .sort((a, b) => b.until.getTime() - a.until.getTime())[0];
}

/** When a window is open, as far as it matters for `now`. */
function spansNear({ timeZone, from, to }: FreezeWindow, now: Date): { from: Date; to: Date }[] {
  const span = (firstDate: string, lastDate: string): { from: Date; to: Date } => ({
    from: instantsOf({ date: firstDate, time: from.slice(-5) }, timeZone).earliest,
    to: instantsOf({ date: lastDate, time: to.slice(-5) }, timeZone).latest,
  });
  if (ONCE.test(from)) return [span(from.slice(0, 10), to.slice(0, 10))];

  const today = localTimeAt(now, timeZone).date;
  const [fromDay, toDay] = [from, to].map((text) => WEEKDAYS.indexOf(text.split(" ")[0]!));
  // It opened in the last seven days, or a week ago to the day.
  const first = [...Array(8).keys()].map((back) => addDays(today, -back));
  return first
    .filter((date) => weekdayOf(date) === fromDay)
    .map((date) => {
      const days = (toDay! - fromDay! + 7) % 7;
      const isNextWeek = days === 0 && to.slice(-5) <= from.slice(-5);
      return span(date, addDays(date, isNextWeek ? 7 : days));
    });
}

function addDays(date: string, days: number): string {
  const day = new Date(`${date}T00:00:00Z`);
  day.setUTCDate(day.getUTCDate() + days);
  return day.toISOString().slice(0, 10);
}

function weekdayOf(date: string): number {
  return new Date(`${date}T00:00:00Z`).getUTCDay();
}
