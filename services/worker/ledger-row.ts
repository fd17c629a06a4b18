import type { Transaction } from "./transaction.ts";

/** A change of this environment, for the ledger (`migrations/0001-ledger.sql`). */
export interface LedgerRow {
  /** UUID: the same twice is one row. */
  readonly id: string;
  readonly kind: string;
  /** What it happened to. */
  readonly subject: string;
  readonly actor: "cms" | "worker";
  /** RFC 3339. @default - now, by the database's clock */
  readonly occurredAt?: string;
  readonly details: object;
}

/**
 * Writes a row into the ledger; one that is there already is left as it is.
 *
 * @returns whether it is new.
 */
export async function insertLedgerRow(
  database: Transaction,
  { id, kind, subject, actor, occurredAt, details }: LedgerRow,
): Promise<boolean> {
  const { rowCount } = await database.query(
    `insert into ledger.change (id, kind, subject, actor, occurred_at, details)
     values ($1, $2, $3, $4, coalesce($5, clock_timestamp()), $6) on conflict (id) do nothing`,
    [id, kind, subject, actor, occurredAt, JSON.stringify(details)],
  );
  return rowCount === 1;
}
