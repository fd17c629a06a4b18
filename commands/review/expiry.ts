const HOUR = 3_600_000;

/** A month: what somebody wants to keep longer is no review. */
const MOST_HOURS = 720;

/**
 * When a review stack that is brought up at `now` expires.
 *
 * @param hours whole hours, 1-720, as given on the command line.
 * @throws Error if `hours` is something else.
 */
export function expiryAfter(hours: string, now: Date): Date {
  if (!/^[1-9]\d{0,3}$/.test(hours) || Number(hours) > MOST_HOURS) {
    throw new Error(
      `--hours must be a whole number from 1 to ${MOST_HOURS}, got ${JSON.stringify(hours)}`,
    );
  }
  return new Date(now.getTime() + Number(hours) * HOUR);
}

/** The moment that a stack's tag holds; undefined if it has none that can be read. */
export function parseExpiry(tag: string | undefined): Date | undefined {
  const time = Date.parse(tag ?? "");
  return Number.isNaN(time) ? undefined : new Date(time);
}
