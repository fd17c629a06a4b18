import { pipeline } from "node:stream/promises";
import { Readable } from "node:stream";

import type pg from "pg";
import { from as copyFrom } from "pg-copy-streams";

import { EventTuples, TUPLE_COLUMNS } from "./event-tuples.ts";
import type { Storing } from "./event-tuples.ts";

/** What is asked first. */
interface Begun extends Storing {
  readonly isAnybodyErased: boolean;
}

/** Number of an event of the batch, from 0. */
interface LeftOut {
  readonly number: number;
}

// Whoever erases waits for what has this lock, or is seen by what is asked after it. Plans must look at indexes for each event
// and hash the rest, also for tables that PostgreSQL knows nothing of yet. The time and the transaction are what the defaults
// of these columns are; a default that changes from row to row would make COPY insert rows one by one.
const BEGIN = `
  BEGIN; SET LOCAL jit = off; SET LOCAL enable_seqscan = off;
  SET LOCAL enable_nestloop = off; SET LOCAL enable_mergejoin = off;
  LOCK TABLE events.event IN ROW EXCLUSIVE MODE;
  SELECT timestamptz_send(clock_timestamp()) AS "storedAt", int8send(pg_current_xact_id()::text::bigint) AS "storedBy",
    EXISTS (SELECT FROM events.erased_id) AS "isAnybodyErased"`;

/** Events that are stored, or were deleted within 30 days. */
const KNOWN = `
  SELECT number::integer - 1 AS number FROM unnest($1::text[], $2::text[]) WITH ORDINALITY AS given (source, id, number)
  WHERE (SELECT true FROM events.event WHERE (event.source, event.id) = (given.source, given.id) LIMIT 1)
    OR (EXISTS (SELECT FROM events.deleted_key) AND
      (SELECT true FROM events.deleted_key WHERE digest = events.key_digest(source, id) LIMIT 1))`;

/** Events of people that were erased after they happened or came: as `events.erased_at` has it, but each person is looked for once. */
const OF_ERASED = `
  WITH given AS MATERIALIZED (
    SELECT 'user:' || user_id AS "user", 'anonymous:' || anonymous_id AS anonymous, least(occurred_at, received_at) AS at, number
    FROM unnest($1::text[], $2::text[], $3::timestamptz[], $4::timestamptz[]) WITH ORDINALITY
      AS event (user_id, anonymous_id, occurred_at, received_at, number)),
  person AS (SELECT "user" AS name FROM given UNION SELECT anonymous FROM given),
  erased AS MATERIALIZED (
    SELECT * FROM (
      SELECT name, (SELECT erased_at FROM events.erased_id WHERE digest = events.person_digest(name) LIMIT 1) AS erased_at
      FROM person) AS looked_for
    WHERE erased_at IS NOT NULL)
  SELECT number::integer - 1 AS number FROM given JOIN erased ON name = "user" WHERE at <= erased_at
  UNION ALL
  SELECT number::integer - 1 FROM given JOIN erased ON name = anonymous WHERE at <= erased_at`;

const COPY = `COPY events.event (${TUPLE_COLUMNS.join(", ")}) FROM STDIN (FORMAT binary)`;

/**
 * Takes events apart, to store them in a transaction of its own: which asks which of them the log has or must not have, and
 * copies the others straight into it.
 *
 * @param rows JSON of them.
 * @returns what stores them, once, and returns the numbers of those that it left out, from 0; it fails with a DatabaseError of
 *   code 23505 if one was stored by somebody else meanwhile. Undefined if some are not in the words in which the collector
 *   writes events.
 */
export async function prepareNewEvents(
  rows: readonly Buffer[],
): Promise<((client: pg.ClientBase) => Promise<ReadonlySet<number>>) | undefined> {
  const tuples = await EventTuples.of(rows);
  if (tuples === undefined) return undefined;
  const keys = [tuples.array("source", "text"), tuples.array("id", "text")];
  return (client) => copyNewEvents(client, tuples, keys);
}

async function copyNewEvents(
  client: pg.ClientBase,
  tuples: EventTuples,
  keys: readonly Buffer[],
): Promise<ReadonlySet<number>> {
  const results = (await client.query(BEGIN)) as unknown as pg.QueryResult<Begun>[];
  const begun = results.at(-1)!.rows[0]!;
  const leftOut = new Set<number>();
  const leaveOut = async (question: string, fields: readonly Buffer[]): Promise<void> => {
    const answer = await client.query<LeftOut>(question, [...fields]);
    for (const { number } of answer.rows) leftOut.add(number);
  };
  await leaveOut(KNOWN, keys);
  if (begun.isAnybodyErased) {
    await leaveOut(OF_ERASED, [
      ...[tuples.array("userId", "text"), tuples.array("anonymousId", "text")],
      ...[tuples.array("occurredAt", "timestamptz"), tuples.array("receivedAt", "timestamptz")],
    ]);
  }
  const copied = tuples.copied(leftOut, begun);
  if (copied !== undefined) {
    await pipeline(Readable.from([copied]), client.query(copyFrom(COPY)));
  }
  await client.query("COMMIT");
  return leftOut;
}
