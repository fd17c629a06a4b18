import type pg from "pg";
import type { Logger } from "pino";
import { repeat, type Repeated } from "../repeat.ts";
import type { Transaction } from "../transaction.ts";
import { advanceJourneys } from "./advance.ts";
import { dispatchMessages } from "./dispatch.ts";
import type { MessageJob } from "./message.ts";
import { sweepPeople } from "./sweep.ts";

/** Time between two looks at who is due, in milliseconds. */
const INTERVAL = 500;

/** Time between two looks at whether people are to be looked at for a campaign, in milliseconds. */
const SWEEPING = 2000;

/** Keeps people going on in their journeys, through failures of the database, until it is stopped. */
export function keepJourneys(
  pool: pg.Pool,
  log: Logger,
  give: (jobs: readonly MessageJob[], transaction: Transaction) => Promise<void>,
): Repeated[] {
  return [
    repeat({ what: "people are let into journeys", interval: SWEEPING, log }, () =>
      sweepPeople(pool),
    ),
    repeat({ what: "people go on in journeys", interval: INTERVAL, log }, () =>
      advanceJourneys(pool),
    ),
    repeat({ what: "messages are given to the queue", interval: INTERVAL, log }, () =>
      dispatchMessages(pool, give),
    ),
  ];
}
