import { existsSync, mkdtempSync, readFileSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { asyncBufferFromFile, parquetReadObjects } from "hyparquet";
import pg from "pg";
import { exportEvents, exportRange } from "../../../commands/events/export.ts";
import { EVENT_TABLE, PostgresSink } from "../../../services/collector/postgres-sink.ts";
import type { Event } from "../../../services/contract/event.ts";
import {
  startMarketingDatabase,
  type MarketingDatabase,
} from "../../services/collector/marketing-database.ts";
import { anEvent } from "../../services/contract/an-event.ts";

let database: MarketingDatabase;
let client: pg.Client;
let folder: string;

/** More than are in memory at a time, the later ones of another source. */
const events: Event[] = Array.from({ length: 6_000 }, (_, index) =>
  anEvent({
    id: `message-${String(index).padStart(4, "0")}`,
    source: index < 5_500 ? "website" : "app",
    name: index === 1 ? null : 'quote " newline \n ü 🎈',
    receivedAt: new Date(Date.UTC(2026, 0, 1) + index * 1000).toISOString(),
    properties: { nested: { list: [1, null, "two"] }, revenue: 12.5 },
  }),
);

beforeAll(async () => {
  database = await startMarketingDatabase();
  const pool = new pg.Pool({ connectionString: database.url, max: 1 });
  const sink = new PostgresSink(pool, EVENT_TABLE);
  await sink.store(events.map((event) => Buffer.from(JSON.stringify(event))));
  await pool.end();
  client = new pg.Client({ connectionString: database.url.replace("//collector@", "//reader@") });
  await client.connect();
  folder = mkdtempSync(join(tmpdir(), "export-"));
}, 60_000);

afterAll(async () => {
  await client.end();
  await database.stop();
  rmSync(folder, { recursive: true });
});

const from = "2026-01-01T00:00:01Z";
const to = "2026-01-01T01:39:59Z";
const inRange = events.slice(1, 5_999);

test("lines of JSON are the events of the contract, in the order in which they were received", async () => {
  const out = join(folder, "all.ndjson");
  expect(await exportEvents(client, exportRange({ from, to, out }))).toBe(inRange.length);
  const lines = readFileSync(out, "utf8").trimEnd().split("\n");
  expect(lines.map((line) => JSON.parse(line))).toEqual(inRange);
  expect(existsSync(`${out}.part`)).toBe(false);
}, 60_000);

test("Parquet has the same events, times as times and JSON as text", async () => {
  const out = join(folder, "all.parquet");
  expect(await exportEvents(client, exportRange({ from, to, out }))).toBe(inRange.length);
  const rows = await parquetReadObjects({ file: await asyncBufferFromFile(out) });
  const parsed = rows.map((row) => ({
    ...row,
    ...Object.fromEntries(
      ["context", "properties", "consent"].map((field) => [field, JSON.parse(row[field])]),
    ),
    occurredAt: row.occurredAt.toISOString(),
    receivedAt: row.receivedAt.toISOString(),
  }));
  expect(parsed).toEqual(inRange);
}, 60_000);

test("one source is exported by itself, and a range without events is an empty file", async () => {
  const source = "app";
  for (const form of ["ndjson", "parquet"]) {
    const some = exportRange({ from, to, source, out: join(folder, `app.${form}`) });
    expect(await exportEvents(client, some)).toBe(499);
    const none = exportRange({
      from: "2027-01-01",
      to: "2028-01-01",
      out: join(folder, `no.${form}`),
    });
    expect(await exportEvents(client, none)).toBe(0);
  }
  expect(readFileSync(join(folder, "no.ndjson"), "utf8")).toBe("");
  const file = await asyncBufferFromFile(join(folder, "no.parquet"));
  expect(await parquetReadObjects({ file })).toEqual([]);
}, 60_000);

test("fails on wrong options, naming all of them", () => {
  expect(() => exportRange({ from: "yesterday", out: "events.csv" })).toThrow(
    [
      '--from must be a time as 2026-01-31T12:00:00Z, got "yesterday"',
      '--to must be a time as 2026-01-31T12:00:00Z, got ""',
      '--out must end in .ndjson or .parquet, got "events.csv"',
    ].join("\n"),
  );
  expect(() => exportRange({ from: to, to: from, out: "events.ndjson" })).toThrow(
    '--to must be after --from, got "2026-01-01T00:00:01Z"',
  );
});
