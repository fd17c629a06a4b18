import { setTimeout } from "node:timers/promises";
import type pg from "pg";
import type { Logger } from "pino";
import { followLog } from "./follow.ts";

/** Time between two looks at an event log that has nothing new, in milliseconds. */
const INTERVAL = 1000;

/** Profiles that are being kept up to date. */
export interface KeptProfiles {
  /** Ends it; resolves when the step that runs is done. */
  stop(): Promise<void>;
}

/** Keeps the profiles up to date with the event log, through failures of the database, until it is stopped. */
export function keepProfiles(pool: pg.Pool, log: Logger): KeptProfiles {
  const stopping = new AbortController();
  const { signal } = stopping;
  let isFailing = false;
  const following = (async () => {
    while (!signal.aborted) {
      try {
        const { behind } = await followLog(pool);
        if (isFailing) log.info("profiles follow the event log again");
        isFailing = false;
        if (behind) continue;
      } catch (error) {
        // Once, not each second of an outage.
        if (!isFailing) log.warn({ reason: (error as Error).message }, "profiles do not follow");
        isFailing = true;
      }
      await setTimeout(INTERVAL, undefined, { signal }).catch(() => undefined);
    }
  })();
  return {
    stop: () => {
      stopping.abort();
      return following;
    },
  };
}
