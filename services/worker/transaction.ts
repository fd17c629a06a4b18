import type pg from "pg";
import { checkOut, giveBack } from "./check-out.ts";

/** What a transaction offers to those who write in it. */
export type Transaction = Pick<pg.ClientBase, "query">;

/** Runs `work` in one transaction; if it throws, nothing of it has happened. */
export async function inTransaction<T>(
  pool: pg.Pool,
  work: (transaction: Transaction) => Promise<T>,
): Promise<T> {
  const client = await checkOut(pool);
  try {
    await client.query("begin");
    const result = await work(client);
    await client.query("commit");
    giveBack(client);
    return result;
  } catch (error) {
    // Closes the connection, which rolls back.
    client.release(true);
    throw error;
  }
}
