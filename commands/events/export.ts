import { createWriteStream } from "node:fs";
import { rename } from "node:fs/promises";
import { pipeline } from "node:stream/promises";
import { fileWriter, ParquetWriter, schemaFromColumnData } from "hyparquet-writer";
import type pg from "pg";
import { EVENT_COLUMNS, EVENT_FIELDS, jsonLine, type EventRow } from "./event-row.ts";

/** Which events go where. */
export interface ExportRange {
  /** Received from this time on, and before that one. */
  readonly from: Date;
  readonly to: Date;
  /** Of which source. @default - all */
  readonly source: string | undefined;
  /** File; its ending, `.ndjson` or `.parquet`, is its form. */
  readonly out: string;
}

/** Events that are in memory at a time. */
const PAGE = 5_000;

/** @throws Error naming all options that are wrong. */
export function exportRange(options: {
  readonly from?: string | undefined;
  readonly to?: string | undefined;
  readonly source?: string | undefined;
  readonly out?: string | undefined;
}): ExportRange {
  const { from = "", to = "", source, out = "" } = options;
  const problems = Object.entries({ from, to })
    .filter(([, time]) => Number.isNaN(Date.parse(time)))
    .map(
      ([name, time]) =>
        `--${name} must be a time as 2026-01-31T12:00:00Z, got ${JSON.stringify(time)}`,
    );
  if (problems.length === 0 && Date.parse(from) >= Date.parse(to)) {
    problems.push(`--to must be after --from, got ${JSON.stringify(to)}`);
  }
  if (!/\.(ndjson|parquet)$/.test(out)) {
    problems.push(`--out must end in .ndjson or .parquet, got ${JSON.stringify(out)}`);
  }
  if (problems.length > 0) throw new Error(problems.join("\n"));
  return { from: new Date(from), to: new Date(to), source, out };
}

/**
 * Writes the events of a range, as the log has them at one moment, by the time at which they were received.
 *
 * A file is there once it is whole.
 *
 * @returns how many there are.
 */
export async function exportEvents(client: pg.ClientBase, range: ExportRange): Promise<number> {
  const part = `${range.out}.part`;
  await client.query("BEGIN ISOLATION LEVEL REPEATABLE READ READ ONLY");
  await client.query(
    `DECLARE export NO SCROLL CURSOR FOR
     SELECT ${EVENT_COLUMNS}
     FROM events.event
     WHERE received_at >= '${range.from.toISOString()}' AND received_at < '${range.to.toISOString()}'
       AND ${range.source === undefined ? "true" : `source = ${client.escapeLiteral(range.source)}`}
     ORDER BY received_at, source, id`,
  );
  const write = range.out.endsWith(".parquet") ? writeParquet : writeLines;
  const count = await write(part, pages(client));
  await client.query("COMMIT");
  await rename(part, range.out);
  return count;
}

async function* pages(client: pg.ClientBase): AsyncGenerator<EventRow[]> {
  for (;;) {
    const { rows } = await client.query<EventRow>(`FETCH ${PAGE} FROM export`);
    if (rows.length > 0) yield rows;
    if (rows.length < PAGE) return;
  }
}

async function writeLines(file: string, found: AsyncIterable<EventRow[]>): Promise<number> {
  let count = 0;
  await pipeline(async function* () {
    for await (const rows of found) {
      count += rows.length;
      yield rows.map((row) => `${jsonLine(row)}\n`).join("");
    }
  }, createWriteStream(file));
  return count;
}

async function writeParquet(file: string, found: AsyncIterable<EventRow[]>): Promise<number> {
  let count = 0;
  const writer = new ParquetWriter({
    writer: fileWriter(file),
    schema: schemaFromColumnData({ columnData: columns([]) }),
  });
  for await (const rows of found) {
    count += rows.length;
    await writer.write({ columnData: columns(rows), rowGroupSize: PAGE });
  }
  await writer.finish();
  return count;
}

function columns(rows: readonly EventRow[]) {
  return Object.entries(EVENT_FIELDS).map(([name, type]) => {
    const values = rows.map((row) => row[name as keyof EventRow]);
    const data = type === "TIMESTAMP" ? values.map((time) => new Date(time!)) : values;
    return { name, type, data, nullable: true };
  });
}
