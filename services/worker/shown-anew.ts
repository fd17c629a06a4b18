/** One number of a metric, by its labels. */
export type Shown = readonly [labels: Readonly<Record<string, string>>, value: number];

/** A counter or a gauge, which has labels: without any there would be a 0 before the first number. */
interface Metric {
  reset(): void;
  inc(labels: Readonly<Record<string, string>>, value: number): void;
}

/**
 * What a metric collects whose numbers are read anew at each scrape, so that a restarted worker goes on where it was. Each replica
 * tells the same: take the largest over pods, not their sum.
 *
 * @param read throws while PostgreSQL is away: the last known numbers stay then.
 */
export function shownAnew<Found>(
  read: () => Promise<Found>,
  numbersOf: (found: Found) => readonly Shown[],
): (this: Metric) => Promise<void> {
  return async function (this: Metric) {
    const found = await read().catch(() => undefined);
    if (found === undefined) return;
    this.reset();
    for (const [labels, value] of numbersOf(found)) this.inc(labels, value);
  };
}
