import pg from "pg";

import type { FlagRow } from "./flag-row.ts";

/** How long one look at the table may take, in milliseconds. */
const DEADLINE_MS = 5_000;

/** Where flags are declared: table `events.flags`. */
export class FlagTable {
  readonly #pool: pg.Pool;

  /**
   * @param databaseUrl of PostgreSQL's database `marketing`.
   * @param onTrouble is told when the connection breaks.
   */
  constructor(databaseUrl: string, onTrouble: (message: string, error: Error) => void) {
    // A connection of its own: the drain holds its one for as long as it stores.
    this.#pool = new pg.Pool({
      connectionString: databaseUrl,
      max: 1,
      connectionTimeoutMillis: DEADLINE_MS,
      query_timeout: DEADLINE_MS,
      keepAlive: true,
    });
    this.#pool.on("error", (error) => onTrouble("the connection for flags broke", error));
  }

  /** All rows, by key. */
  async rows(): Promise<FlagRow[]> {
    const { rows } = await this.#pool.query<FlagRow>(
      'SELECT key, version, flag FROM events.flags ORDER BY key COLLATE "C"',
    );
    return rows;
  }

  /** Ends its connection. */
  async close(): Promise<void> {
    await this.#pool.end();
  }
}
