import { randomUUID } from "node:crypto";
import type pg from "pg";
import type { Logger } from "pino";
import { insertLedgerRow } from "./ledger-row.ts";
import { repeat, type Repeated } from "./repeat.ts";
import { inTransaction } from "./transaction.ts";

/** Days that events and bad rows of a source are kept after they were stored; of a source that is not here, for ever. */
export type RetentionDays = Readonly<Record<string, number>>;

/** Time between two looks at whether something is to be deleted, in milliseconds. */
const INTERVAL = 60_000;

/** Pages of a table that one step goes through: 4 MiB, some thousand rows. */
const PAGES = 512;

/** What `events.expire` returns. */
interface Step {
  readonly table: string;
  /** Rows that the pass deleted, by source; null while it is not through. */
  readonly deleted: Readonly<Record<string, number>> | null;
}

/** Deletes what is older than its source allows, through failures of the database, until it is stopped. */
export function keepRetention(pool: pg.Pool, days: RetentionDays, log: Logger): Repeated {
  return repeat({ what: "old events are deleted", interval: INTERVAL, log }, () =>
    expireSome(pool, days),
  );
}

/**
 * One short step, of one worker at a time; a pass that deleted something becomes a row of the ledger.
 *
 * @returns whether there may be more to do at once.
 */
export async function expireSome(
  pool: pg.Pool,
  days: RetentionDays,
  pages = PAGES,
): Promise<boolean> {
  return inTransaction(pool, async (transaction) => {
    const { rows } = await transaction.query<{ step: Step | null }>(
      "select events.expire($1, $2, $3) as step",
      [JSON.stringify(days), new Date(), pages],
    );
    const { step } = rows[0]!;
    if (step?.deleted && Object.keys(step.deleted).length > 0) {
      await insertLedgerRow(transaction, {
        id: randomUUID(),
        kind: "retention",
        subject: step.table,
        actor: "worker",
        details: { days, deleted: step.deleted },
      });
    }
    return step !== null;
  });
}
