/** A clock less than this many milliseconds off is believed: so much a slow network can explain. */
const CLOCK_TOLERANCE = 60_000;

/** Milliseconds since 1970 of a time in ISO 8601; undefined if it is none. */
export function isoMilliseconds(time: unknown): number | undefined {
  if (typeof time !== "string" || !/^\d{4}-\d\d-\d\d/.test(time)) return undefined;
  const value = Date.parse(time);
  return Number.isNaN(value) ? undefined : value;
}

/** Milliseconds since 1970 as in an event; undefined if there is no such date. */
export function isoTime(milliseconds: number): string | undefined {
  const date = new Date(milliseconds);
  return Number.isNaN(date.valueOf()) ? undefined : date.toISOString();
}

/**
 * When something happened, by the server's clock.
 *
 * All in milliseconds since 1970.
 *
 * @param happened by the sender's clock.
 * @param sentAt when it was sent, by the sender's clock; undefined if that was not said.
 * @param receivedAt when it came, by the server's clock.
 */
export function byServerClock(
  happened: number,
  sentAt: number | undefined,
  receivedAt: number,
): number {
  return sentAt === undefined || isRightClock(sentAt, receivedAt)
    ? happened
    : happened + receivedAt - sentAt;
}

/** Whether a sender's clock is believed, see {@link byServerClock}. */
export function isRightClock(sentAt: number, receivedAt: number): boolean {
  return Math.abs(receivedAt - sentAt) <= CLOCK_TOLERANCE;
}
