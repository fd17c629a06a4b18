import type { Change } from "./change.ts";
import { onLedger } from "./connection.ts";
import { drainOutbox } from "./outbox.ts";

/**
 * Moves the waiting changes of an environment into its ledger; each is there once, however often this is interrupted.
 *
 * @param url of a login that may add to `ledger.change`.
 * @returns how many were moved.
 * @throws Error if the database cannot be reached; the changes wait on.
 */
export function drainIntoDatabase(environment: string, url: string): Promise<number> {
  return drainOutbox(environment, async (changes) => {
    await onLedger(url, (client) =>
      client.query(
        `insert into ledger.change (id, kind, subject, actor, occurred_at, details)
         select (row->>'id')::uuid, row->>'kind', row->>'subject', row->>'actor',
                (row->>'occurredAt')::timestamptz,
                jsonb_build_object('environment', row->>'environment') || (row->'details')
         from jsonb_array_elements($1::jsonb) as row
         on conflict (id) do nothing`,
        [JSON.stringify(changes satisfies readonly Change[])],
      ),
    );
  });
}
