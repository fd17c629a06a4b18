import type pg from "pg";
import type { Logger } from "pino";
import { repeat, type Repeated } from "../repeat.ts";
import { followLog } from "./follow.ts";

/** Time between two looks at an event log that has nothing new, in milliseconds. */
const INTERVAL = 1000;

/** Keeps the profiles up to date with the event log, through failures of the database, until it is stopped. */
export function keepProfiles(pool: pg.Pool, log: Logger): Repeated {
  return repeat({ what: "profiles follow the event log", interval: INTERVAL, log }, async () => {
    const { behind } = await followLog(pool);
    return behind;
  });
}
