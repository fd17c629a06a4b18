import type pg from "pg";
import { deadQueues } from "./list.ts";

/** A job that was given up. */
export interface DeadLetter {
  readonly id: string;
  /** Queue that gave it up. */
  readonly queue: string;
  readonly givenUpAt: Date;
  /** What it was to do. */
  readonly data: unknown;
  /** What came of its last try. */
  readonly output: unknown;
  /** The message of a journey that it was to send, as it is now; null if it is of another queue. */
  readonly message: object | null;
}

/** @throws Error if there is no such job. */
export async function showDeadLetter(client: pg.ClientBase, id: string): Promise<DeadLetter> {
  const { rows } = await client.query<DeadLetter>(
    `select job.id, source_name as queue, created_on as "givenUpAt", data, source_output as output,
       (select to_jsonb(message) from campaigns.message where id::text = data->>'message') as message
     from jobs.job where name = any($1) and state = 'created' and job.id::text = $2`,
    [[...deadQueues.values()], id],
  );
  if (!rows[0]) {
    throw new Error(
      `ID must be that of a dead letter, got ${JSON.stringify(id)}; npm run dead-letters -- list names some`,
    );
  }
  return rows[0];
}
