import type { Transaction } from "./transaction.ts";

/**
 * Whether no other transaction has this turn now; if so, it is this transaction's until it ends.
 *
 * @param lock any number that is locked for nothing else.
 */
export async function isMyTurn(transaction: Transaction, lock: number): Promise<boolean> {
  const { rows } = await transaction.query<{ mine: boolean }>(
    "select pg_try_advisory_xact_lock($1) as mine",
    [lock],
  );
  return rows[0]!.mine;
}
