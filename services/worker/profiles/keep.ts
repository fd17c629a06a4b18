import type pg from "pg";
import type { Logger } from "pino";
import { repeat, type Repeated } from "../repeat.ts";
import { followLog } from "./follow.ts";

/** Time between two looks at an event log that has nothing new, in milliseconds. */
const INTERVAL = 1000;

/**
 * Keeps the profiles up to date with the event log, through failures of the database, until it is stopped.
 *
 * @param changed is told, in the same transaction, of the people of whom more is known now. @default - nobody is told
 */
export function keepProfiles(
  pool: pg.Pool,
  log: Logger,
  changed?: Parameters<typeof followLog>[1],
): Repeated {
  return repeat({ what: "profiles follow the event log", interval: INTERVAL, log }, async () => {
    const { behind } = await followLog(pool, changed);
    return behind;
  });
}
