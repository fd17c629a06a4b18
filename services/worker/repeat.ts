import { setTimeout } from "node:timers/promises";
import type { Logger } from "pino";

/** Something that is done again and again. */
export interface Repeated {
  /** Ends it; resolves when the step that runs is done. */
  stop(): Promise<void>;
}

/**
 * Does a step again and again, through failures of the database, until it is stopped.
 *
 * @param what it is, for the log: `profiles follow the event log`.
 * @param interval from the end of one step to the next, in milliseconds; none where a step returns true, because there is more.
 */
export function repeat(
  { what, interval, log }: { what: string; interval: number; log: Logger },
  step: () => Promise<unknown>,
): Repeated {
  const stopping = new AbortController();
  const { signal } = stopping;
  let isFailing = false;
  const repeating = (async () => {
    while (!signal.aborted) {
      try {
        const isMore = await step();
        if (isFailing) log.info(`${what}, again`);
        isFailing = false;
        if (isMore === true) continue;
      } catch (error) {
        // Once, not at each step of an outage.
        if (!isFailing) log.warn({ reason: (error as Error).message }, `failed: ${what}`);
        isFailing = true;
      }
      await setTimeout(interval, undefined, { signal }).catch(() => undefined);
    }
  })();
  return {
    stop: () => {
      stopping.abort();
      return repeating;
    },
  };
}
