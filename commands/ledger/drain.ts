import pg from "pg";
import type { Change } from "./change.ts";
import { drainOutbox } from "./outbox.ts";

/** How long the database may take to accept a connection or answer, in milliseconds. */
const PATIENCE = 5000;

/**
 * Moves the waiting changes of an environment into its ledger; each is there once, however often this is interrupted.
 *
 * @param url of a login that may add to `ledger.change`.
 * @returns how many were moved.
 * @throws Error if the database cannot be reached; the changes wait on.
 */
export function drainIntoDatabase(environment: string, url: string): Promise<number> {
  return drainOutbox(environment, async (changes) => {
    const client = new pg.Client({
      connectionString: url,
      connectionTimeoutMillis: PATIENCE,
      statement_timeout: PATIENCE,
    });
    await client.connect();
    try {
      await client.query(
        `insert into ledger.change (id, kind, subject, actor, occurred_at, details)
         select (row->>'id')::uuid, row->>'kind', row->>'subject', row->>'actor',
                (row->>'occurredAt')::timestamptz,
                jsonb_build_object('environment', row->>'environment') || (row->'details')
         from jsonb_array_elements($1::jsonb) as row
         on conflict (id) do nothing`,
        [JSON.stringify(changes satisfies readonly Change[])],
      );
    } finally {
      await client.end();
    }
  });
}
