import type pg from "pg";

/** What a transaction offers to those who write in it. */
export type Transaction = Pick<pg.ClientBase, "query">;

/** Runs `work` in one transaction; if it throws, nothing of it has happened. */
export async function inTransaction<T>(
  pool: pg.Pool,
  work: (transaction: Transaction) => Promise<T>,
): Promise<T> {
  const client = await pool.connect();
  // Without a listener a terminated backend would end the process; the statement fails by itself.
  const ignore = (): void => undefined;
  client.on("error", ignore);
  try {
    await client.query("begin");
    const result = await work(client);
    await client.query("commit");
    client.off("error", ignore);
    client.release();
    return result;
  } catch (error) {
    // Closes the connection, which rolls back.
    client.release(true);
    throw error;
  }
}
