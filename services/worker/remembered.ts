/** How long what the CMS or the database says counts where seconds do not matter, in milliseconds. */
export const FRESH = 10_000;

/** How long what several metrics show counts, in milliseconds: they ask at the same time, once a scrape. */
export const ONE_SCRAPE = 1000;

/** The most answers that one reader keeps; the oldest goes first. */
const MOST = 500;

/**
 * A reader that keeps what it found, for each thing that it was asked for. Who asks while it reads waits for the same answer; what
 * failed is read again for the next one.
 *
 * @param counts how long an answer counts from when it was asked for, in milliseconds.
 */
export function remembered<Asked extends readonly (string | undefined)[], Found>(
  counts: number,
  read: (...asked: Asked) => Promise<Found>,
): (...asked: Asked) => Promise<Found> {
  const kept = new Map<string, { readonly found: Promise<Found>; readonly until: number }>();
  return (...asked) => {
    const key = JSON.stringify(asked);
    const known = kept.get(key);
    if (known && performance.now() < known.until) return known.found;
    const one = { found: read(...asked), until: performance.now() + counts };
    kept.delete(key);
    kept.set(key, one);
    if (kept.size > MOST) kept.delete(kept.keys().next().value!);
    one.found.catch(() => {
      if (kept.get(key) === one) kept.delete(key);
    });
    return one.found;
  };
}
