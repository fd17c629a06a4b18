import pg from "pg";

const WAIT = "180s";

/**
 * PostgreSQL advisory lock that lets one replica at a time synchronise the schema and provision.
 *
 * It lives on a connection of its own: a replica that dies gives it back with its connection.
 */
export class StartLock {
  private readonly client: pg.Client;
  private held = true;

  private constructor(client: pg.Client) {
    this.client = client;
  }

  /**
   * Waits for the lock, at most three minutes.
   *
   * @param databaseUrl the CMS's own database; locks of other databases do not conflict.
   * @throws Error if the database does not answer or another replica holds the lock for longer.
   */
  static async take(databaseUrl: string): Promise<StartLock> {
    const client = new pg.Client({ connectionString: databaseUrl });
    // A connection lost while waiting fails the query; lost later, it has given the lock back.
    client.on("error", () => undefined);
    await client.connect();
    await client.query(`set lock_timeout = '${WAIT}'`);
    try {
      await client.query("select pg_advisory_lock(hashtext('marketing-stack cms start'))");
    } catch (error) {
      await client.end();
      throw new Error(
        `the start lock must become free within ${WAIT}; see the other replicas' logs`,
        {
          cause: error,
        },
      );
    }
    return new StartLock(client);
  }

  /** Gives the lock back; nothing happens if it was given back before. */
  async release(): Promise<void> {
    if (!this.held) return;
    this.held = false;
    await this.client.end();
  }
}
