import pg from "pg";

/** How long the database may take to accept a connection or answer, in milliseconds. */
const PATIENCE = 5000;

/**
 * Does something on a connection to an environment's database, and ends it.
 *
 * @throws Error if the database does not accept it or answer in time.
 */
export async function onLedger<T>(
  url: string,
  work: (client: pg.Client) => Promise<T>,
): Promise<T> {
  const client = new pg.Client({
    connectionString: url,
    connectionTimeoutMillis: PATIENCE,
    statement_timeout: PATIENCE,
  });
  await client.connect();
  try {
    return await work(client);
  } finally {
    await client.end();
  }
}
