import fc from "fast-check";
import pg from "pg";

import { prepareNewEvents } from "../../../services/collector/new-events.ts";
import { EVENT_TABLE, PostgresSink } from "../../../services/collector/postgres-sink.ts";
import { PURPOSES } from "../../../services/contract/event.ts";
import type { Event } from "../../../services/contract/event.ts";
import { anEvent } from "../contract/an-event.ts";
import { startMarketingDatabase } from "./marketing-database.ts";
import type { MarketingDatabase } from "./marketing-database.ts";

let database: MarketingDatabase;
let pool: pg.Pool;
let client: pg.PoolClient;
let sink: PostgresSink;

beforeAll(async () => {
  database = await startMarketingDatabase();
  pool = new pg.Pool({ connectionString: database.url, max: 2 });
  client = await pool.connect();
  sink = new PostgresSink(pool, EVENT_TABLE);
}, 60_000);

const reset = async (): Promise<void> => {
  await database.admin.query(
    "TRUNCATE events.event, events.deleted_key, events.erased_id, events.bad_row",
  );
};
beforeEach(reset);

afterAll(async () => {
  client.release();
  await pool.end();
  await database.stop();
});

const linesOf = (events: readonly Event[]): Buffer[] =>
  events.map((event) => Buffer.from(JSON.stringify(event)));

/** All that is stored, but for when and by whom. */
async function stored(): Promise<unknown> {
  const { rows } = await database.admin.query(
    `SELECT to_jsonb(event) - 'stored_at' - 'stored_by' AS row FROM events.event ORDER BY source, id`,
  );
  return rows.map(({ row }) => row);
}

/** Returns once the collector waits for somebody else's transaction. */
async function untilSomebodyWaits(): Promise<void> {
  const waiting =
    "SELECT FROM pg_stat_activity WHERE usename = 'collector' AND wait_event_type = 'Lock'";
  while ((await database.admin.query(waiting)).rowCount === 0) continue;
}

const NOON = Date.UTC(2026, 0, 31, 12);
const text = fc
  .string({ unit: "grapheme", maxLength: 20 })
  .filter((one) => !one.includes("\0") && one.isWellFormed());
const maybe = fc.option(text, { nil: null });
const person = fc.constantFrom(null, "u", "v", "ü", 'w "w" \\');
const time = fc.oneof(
  fc.integer({ min: -2, max: 2 }).map((ms) => new Date(NOON + ms).toISOString()),
  fc
    .date({ min: new Date("1970-01-01"), max: new Date("2285-01-01"), noInvalidDate: true })
    .map((date) => date.toISOString()),
);
/** An escape in JSON; in the group if it is of what PostgreSQL cannot store. */
const ESCAPE = /\\(?:(u0000|ud[89a-f]..)|.)/gi;
const members = fc
  .dictionary(text, fc.jsonValue({ maxDepth: 2 }))
  .map((found) =>
    JSON.parse(JSON.stringify(found).replaceAll(ESCAPE, (escape, bad) => (bad ? "" : escape))),
  );
const event: fc.Arbitrary<Event> = fc
  .record({
    source: fc.constantFrom("website", "app"),
    id: fc.oneof(fc.constantFrom("1", "2", "3", "ü", '"\\\n'), text.filter(Boolean)),
    type: fc.constantFrom("track" as const, "page" as const),
    name: maybe,
    dialect: maybe,
    anonymousId: person,
    userId: person,
    occurredAt: time,
    receivedAt: time,
    context: members,
    properties: members,
    consent: fc.shuffledSubarray([...PURPOSES]),
    campaign: maybe,
  })
  // In any order of fields.
  .chain((whole) =>
    fc
      .shuffledSubarray(Object.entries(whole), { minLength: Object.keys(whole).length })
      .map((entries) => Object.fromEntries(entries) as unknown as Event),
  );

test("stores what the general way stores, whatever is stored, deleted or erased already", async () => {
  const batch = fc.array(event, { minLength: 1, maxLength: 30 });
  const before = fc.record({
    stored: fc.array(event, { maxLength: 5 }),
    isDeleted: fc.boolean(),
    erased: fc.subarray(["user:u", "anonymous:v", "user:ü", 'anonymous:w "w" \\']),
  });
  await fc.assert(
    fc.asyncProperty(
      before,
      batch,
      batch,
      async ({ stored: old, isDeleted, erased }, ...batches) => {
        const results: unknown[] = [];
        for (const isQuick of [true, false]) {
          await reset();
          if (old.length > 0) await sink.storeAndAsk(linesOf(old), "SELECT");
          if (isDeleted)
            await database.admin.query("DELETE FROM events.event WHERE source = 'app'");
          await database.admin.query(
            "INSERT INTO events.erased_id SELECT events.person_digest(one), $2 FROM unnest($1::text[]) AS one",
            [erased, new Date(NOON)],
          );
          for (const rows of batches.map(linesOf)) {
            if (isQuick) await (await prepareNewEvents(rows))!(client);
            else await sink.storeAndAsk(rows, "SELECT");
          }
          results.push(await stored());
        }
        expect(results[0]).toEqual(results[1]);
      },
    ),
    { numRuns: 60 },
  );
}, 120_000);

test("rows say by which transaction and when they were stored, by the clock of the database", async () => {
  await (await prepareNewEvents(linesOf([anEvent()])))!(client);
  const { rows } = await database.admin.query(
    `SELECT stored_by = xmin::text::bigint AS by_its_own, clock_timestamp() - stored_at < interval '1 minute' AS just_now
     FROM events.event`,
  );
  expect(rows).toEqual([{ by_its_own: true, just_now: true }]);
});

test.each<[string, string]>([
  ["white space", ` ${JSON.stringify(anEvent())}`],
  ["a field that is not there", JSON.stringify(anEvent({ campaign: undefined }))],
  ["a field that events do not have", JSON.stringify({ ...anEvent(), more: "" })],
  ["a field twice", JSON.stringify(anEvent()).replace("{", '{"id":"first",')],
  ["a number for a text", JSON.stringify(anEvent({ name: 7 }))],
  ["a time without milliseconds", JSON.stringify(anEvent({ occurredAt: "2026-01-31T12:00:00Z" }))],
  ["a leap second", JSON.stringify(anEvent({ occurredAt: "2016-12-31T23:59:60.000Z" }))],
  ["a far time", JSON.stringify(anEvent({ occurredAt: "9999-12-31T12:00:00.000Z" }))],
  ["another purpose", JSON.stringify(anEvent({ consent: ["analytics", "research"] }))],
])("%s is left to PostgreSQL", async (_, line) => {
  const rows = [Buffer.from(line)];
  expect(await prepareNewEvents(rows)).toBeUndefined();
  await sink.store(rows);
  expect(await stored()).toHaveLength(1);
});

test.each([
  ["U+0000", anEvent({ name: "\0" })],
  ["half a character", anEvent({ id: "\ud800" })],
  ["a day that is none", anEvent({ receivedAt: "2026-02-29T12:00:00.000Z" })],
  ["U+0000 deep within", anEvent({ properties: { deep: ["\0"] } })],
])("fails on %s with the reason that PostgreSQL gives", async (_, unstorable) => {
  const rows = linesOf([anEvent({ id: "good" }), unstorable]);
  const reason = await sink.storeAndAsk(rows, "SELECT").catch(({ message }: Error) => message);
  await expect(sink.store(rows)).rejects.toThrow(String(reason));
  expect(await stored()).toEqual([]);
});

test("an event that somebody else stores at the same time is stored once, the others of its batch with it", async () => {
  const other = await database.admin.connect();
  await other.query("BEGIN");
  await other.query(
    `INSERT INTO events.event (source, id, type, occurred_at, received_at, context, properties, consent)
     VALUES ('website', 'message-1', 'page', now(), now(), '{}', '{}', '{}')`,
  );
  const storing = sink.store(linesOf([anEvent({ id: "message-0" }), anEvent()]));
  await untilSomebodyWaits();
  await other.query("COMMIT");
  other.release();
  await storing;
  const { rows } = await database.admin.query("SELECT id, type FROM events.event ORDER BY id");
  expect(rows).toEqual([
    { id: "message-0", type: "track" },
    { id: "message-1", type: "page" },
  ]);
});

test("an erasure that goes on waits, and one that ended is heeded", async () => {
  const other = await database.admin.connect();
  await other.query("BEGIN");
  await other.query("SELECT events.erase(ARRAY['user:user-1'], '{}')");
  const storing = sink.store(linesOf([anEvent(), anEvent({ id: "2", userId: "user-2" })]));
  await untilSomebodyWaits();
  await other.query("COMMIT");
  other.release();
  await storing;
  const { rows } = await database.admin.query("SELECT id FROM events.event");
  expect(rows).toEqual([{ id: "2" }]);
});
