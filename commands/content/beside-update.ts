import { setTimeout as sleep } from "node:timers/promises";
import type { BroughtContent } from "./bring.ts";

/** How long after a failure it is tried again, in milliseconds. */
const PAUSE = 5000;

/**
 * Brings content while an update is under way, as soon as the CMS takes it: the update ends when the worker has accepted the
 * campaigns, and it accepts those whose content is published.
 *
 * Why the CMS does not take it does not matter here: it may not run yet, or be of before the content's types. Whoever calls
 * this brings the content once more after the update, and hears then.
 *
 * @returns the update's result, and the number of entries that changed.
 * @throws whatever `update` throws.
 */
export async function besideUpdate<T>(
  bring: () => Promise<BroughtContent>,
  update: () => Promise<T>,
): Promise<{ readonly result: T; readonly changed: number }> {
  const end = new AbortController();
  const coming = (async (): Promise<number> => {
    while (!end.signal.aborted) {
      const brought = await bring().catch(() => undefined);
      if (brought) return brought.changed;
      await sleep(PAUSE, undefined, { signal: end.signal }).catch(() => undefined);
    }
    return 0;
  })();
  try {
    const result = await update();
    end.abort();
    return { result, changed: await coming };
  } finally {
    end.abort();
    await coming;
  }
}
