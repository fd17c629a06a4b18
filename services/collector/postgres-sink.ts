import { pipeline } from "node:stream/promises";
import { Readable } from "node:stream";

import pg from "pg";
import { from as copyFrom } from "pg-copy-streams";

import { prepareNewEvents } from "./new-events.ts";
import { UnstorableRows } from "./sink.ts";
import type { Sink } from "./sink.ts";

/** A table that rows are stored in. */
export interface Table {
  /** Name with schema. */
  readonly name: string;
  /** What makes a row one row. */
  readonly key: readonly string[];
  /** Expression for each column, over `line`, a `jsonb`. */
  readonly columns: Readonly<Record<string, string>>;
  /** Condition over `line` for it to be stored. @default - every line is */
  readonly condition?: string;
  /** Column by which a row takes the place of an older one with its key. @default - the first one of a key stays */
  readonly newestBy?: string;
  /**
   * Makes rows ready to be stored in a quicker way; undefined if that cannot store them. What it returns does, once, in a
   * transaction of its own, and returns the numbers of those that it left out, from 0; it violates the key where somebody
   * else stores one of them at the same time.
   *
   * @default - there is none
   */
  readonly prepareQuickly?: (
    rows: readonly Buffer[],
  ) => Promise<((client: pg.ClientBase) => Promise<ReadonlySet<number>>) | undefined>;
}

/** `events.event`, from JSON of the contract's `Event`. */
export const EVENT_TABLE: Table = {
  name: "events.event",
  key: ["source", "id"],
  columns: {
    source: "line->>'source'",
    id: "line->>'id'",
    type: "line->>'type'",
    name: "line->>'name'",
    dialect: "line->>'dialect'",
    anonymous_id: "line->>'anonymousId'",
    user_id: "line->>'userId'",
    occurred_at: "(line->>'occurredAt')::timestamptz",
    received_at: "(line->>'receivedAt')::timestamptz",
    context: "line->'context'",
    properties: "line->'properties'",
    consent: "ARRAY(SELECT jsonb_array_elements_text(line->'consent'))",
    campaign: "line->>'campaign'",
  },
  // The first part is asked once a statement: mostly nothing was deleted within 30 days. LIMIT makes the second one a
  // look at the index for each line, where a join would read all keys for each batch.
  condition:
    "(NOT EXISTS (SELECT FROM events.deleted_key) OR (SELECT true FROM events.deleted_key " +
    "WHERE digest = events.key_digest(line->>'source', line->>'id') LIMIT 1) IS NULL) " +
    // In the same way: of a person that was erased, what happened or came before is gone.
    "AND (NOT EXISTS (SELECT FROM events.erased_id) OR " +
    "least((line->>'occurredAt')::timestamptz, (line->>'receivedAt')::timestamptz) <= " +
    "events.erased_at(line->>'userId', line->>'anonymousId') IS NOT TRUE)",
  prepareQuickly: prepareNewEvents,
};

/** `events.bad_row`, from JSON of a `BadRow`. */
export const BAD_ROW_TABLE: Table = {
  name: "events.bad_row",
  key: ["id"],
  columns: {
    id: "line->>'id'",
    source: "line->>'source'",
    dialect: "line->>'dialect'",
    path: "line->>'path'",
    reason: "line->>'reason'",
    received_at: "(line->>'receivedAt')::timestamptz",
    raw: "decode(line->>'raw', 'base64')",
  },
};

/** `events.refusal`, from JSON of a `Refusal`. */
export const REFUSAL_TABLE: Table = {
  name: "events.refusal",
  key: ["digest"],
  columns: {
    digest: "events.person_digest(line->>'person')",
    purposes: "ARRAY(SELECT jsonb_array_elements_text(line->'purposes'))",
    at: "(line->>'at')::timestamptz",
  },
  condition:
    "(SELECT erased_at FROM events.erased_id WHERE digest = events.person_digest(line->>'person')) >= " +
    "(line->>'at')::timestamptz IS NOT TRUE",
  newestBy: "at",
};

/** How long one `store` may take, in milliseconds, before its connection is given up. */
const DEADLINE_MS = 60_000;

/** Classes of SQLSTATE that blame the data: exception, constraint, limit. */
const DATA_ERROR = /^(22|23|54)/;

/** SQLSTATE of a key that is there already. */
const UNIQUE_VIOLATION = "23505";

/**
 * Stores rows in one table of PostgreSQL: COPY into a temporary table, from there into the table where the key
 * is new, in one transaction. Where the table has a quicker way, only what that cannot store.
 *
 * The rows are copied as they lie in the spool and taken apart by PostgreSQL.
 */
export class PostgresSink implements Sink {
  readonly maxBytes = 4 * 1024 * 1024;
  readonly #pool: pg.Pool;
  readonly #table: Table;
  #healthy = true;

  /** @param pool its connections must be able to make temporary tables. */
  constructor(pool: pg.Pool, table: Table) {
    this.#pool = pool;
    this.#table = table;
  }

  isHealthy(): boolean {
    return this.#healthy;
  }

  async store(rows: readonly Buffer[]): Promise<void> {
    const store = await this.prepare(rows);
    await store();
  }

  /** What it returns returns the rows that may not be in the table afterwards as they were given: all others are. */
  async prepare(rows: readonly Buffer[]): Promise<() => Promise<readonly Buffer[]>> {
    const quickly = await this.#table.prepareQuickly?.(rows);
    return () =>
      this.#noticed(async () => {
        const leftOut = quickly && (await this.#storedQuickly(rows, quickly));
        if (leftOut !== undefined) return rows.filter((_, number) => leftOut.has(number));
        await this.#connected(rows, (client) => this.#stage(client, rows));
        return rows;
      });
  }

  /**
   * As {@link store}, but never in the quicker way; returns what a query finds over `incoming`, which has each row as `line`,
   * once they are stored.
   *
   * @param question SQL that changes nothing.
   */
  storeAndAsk<Row extends object>(rows: readonly Buffer[], question: string): Promise<Row[]> {
    return this.#noticed(() =>
      this.#connected(rows, (client) => this.#stage<Row>(client, rows, question)),
    );
  }

  /**
   * What a query says about rows.
   *
   * @param question SQL that changes nothing, over `$1`, an array of the rows as `jsonb`.
   */
  ask<Answer extends object>(rows: readonly Buffer[], question: string): Promise<Answer[]> {
    return this.#noticed(() =>
      this.#connected(rows, async (client) => {
        const answer = await client.query<Answer>(question, [rows.map(String)]);
        return answer.rows;
      }),
    );
  }

  /** Does `work`, and notices how it went. */
  async #noticed<T>(work: () => Promise<T>): Promise<T> {
    try {
      const result = await work();
      this.#healthy = true;
      return result;
    } catch (error) {
      const blamesData = DATA_ERROR.test((error as { code?: string }).code ?? "");
      this.#healthy = blamesData;
      if (blamesData) throw new UnstorableRows((error as Error).message, { cause: error });
      throw error;
    }
  }

  /** Numbers of the rows that were left out; undefined if somebody else stores one of the rows at the same time. */
  async #storedQuickly(
    rows: readonly Buffer[],
    quickly: (client: pg.ClientBase) => Promise<ReadonlySet<number>>,
  ): Promise<ReadonlySet<number> | undefined> {
    try {
      return await this.#connected(rows, quickly);
    } catch (error) {
      if ((error as { code?: string }).code === UNIQUE_VIOLATION) return undefined;
      throw error;
    }
  }

  async #stage<Row extends object>(
    client: pg.ClientBase,
    rows: readonly Buffer[],
    question?: string,
  ): Promise<Row[]> {
    // Compiling the statement takes longer than running it.
    await client.query(
      "BEGIN; SET LOCAL jit = off; CREATE TEMPORARY TABLE IF NOT EXISTS incoming (line jsonb) ON COMMIT DELETE ROWS",
    );
    // JSON has no raw control characters: with these as delimiter and quote, nothing needs escaping.
    const copy = client.query(
      copyFrom("COPY incoming FROM STDIN (FORMAT csv, DELIMITER E'\\x02', QUOTE E'\\x01')"),
    );
    await pipeline(Readable.from(lines(rows)), copy);
    const insert = insertFrom(this.#table, "incoming");
    if (question === undefined) {
      await client.query(`${insert}; COMMIT`);
      return [];
    }
    await client.query(insert);
    const { rows: answer } = await client.query<Row>(question);
    await client.query("COMMIT");
    return answer;
  }

  /** Gives `work`, which stores `rows`, a connection, for as long as {@link DEADLINE_MS}. */
  async #connected<T>(
    rows: readonly Buffer[],
    work: (client: pg.ClientBase) => Promise<T>,
  ): Promise<T> {
    const client = await this.#checkOut();
    let late: Error | undefined;
    const timer = setTimeout(() => {
      late = new Error(`PostgreSQL must store ${rows.length} rows within ${DEADLINE_MS} ms`);
      client.release(late);
    }, DEADLINE_MS);
    let result: T;
    try {
      result = await work(client);
    } catch (error) {
      // The connection goes with its open transaction; one that is late has gone already.
      if (late === undefined) client.release(error as Error);
      throw late ?? error;
    } finally {
      clearTimeout(timer);
    }
    client.off("error", heard);
    client.release();
    return result;
  }

  #checkOut(): Promise<pg.PoolClient> {
    return new Promise((resolve, reject) => {
      // Not its promise: a connection that ends as soon as it is made says so before a promise is heard.
      this.#pool.connect((error, client) => {
        if (!client) return reject(error!);
        client.on("error", heard);
        resolve(client);
      });
    });
  }
}

/** A connection that breaks says so apart from the query that fails with it; unheard, that would end the process. */
function heard(): void {}

/** SQL that stores each `line` of `from` whose key is new, or which is newer. */
export function insertFrom(
  { name, key, columns, condition = "true", newestBy }: Table,
  from: string,
): string {
  const names = Object.keys(columns);
  const into = `INSERT INTO ${name} AS stored (${names.join(", ")}) `;
  const given = `SELECT ${Object.values(columns).join(", ")} FROM ${from} WHERE ${condition} `;
  const conflict = `ON CONFLICT (${key.join(", ")}) DO `;
  if (newestBy === undefined) return `${into}${given}${conflict}NOTHING`;
  const others = names.filter((column) => !key.includes(column));
  return (
    `${into}SELECT DISTINCT ON (${key.join(", ")}) * FROM (${given}) AS given (${names.join(", ")}) ` +
    // In one order, so that no two who store wait for each other.
    `ORDER BY ${key.join(", ")}, ${newestBy} DESC ${conflict}` +
    `UPDATE SET ${others.map((column) => `${column} = excluded.${column}`).join(", ")} ` +
    `WHERE excluded.${newestBy} > stored.${newestBy}`
  );
}

/** Bytes of one write to the connection. */
const CHUNK = 256 * 1024;

function* lines(rows: readonly Buffer[]): Generator<Buffer> {
  const newline = Buffer.from("\n");
  let chunk: Buffer[] = [];
  let bytes = 0;
  for (const row of rows) {
    chunk.push(row, newline);
    bytes += row.length + 1;
    if (bytes >= CHUNK) {
      yield Buffer.concat(chunk);
      chunk = [];
      bytes = 0;
    }
  }
  if (chunk.length > 0) yield Buffer.concat(chunk);
}
