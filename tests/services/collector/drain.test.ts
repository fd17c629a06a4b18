import { rmSync } from "node:fs";
import { join } from "node:path";

import pg from "pg";

import { badRow } from "../../../services/collector/bad-row.ts";
import { drain, drainOnce } from "../../../services/collector/drain.ts";
import type { DrainArgs } from "../../../services/collector/drain.ts";
import {
  BAD_ROW_TABLE,
  EVENT_TABLE,
  PostgresSink,
  REFUSAL_TABLE,
} from "../../../services/collector/postgres-sink.ts";
import { encodeRecord, RECORD_KINDS } from "../../../services/collector/record.ts";
import { UnstorableRows } from "../../../services/collector/sink.ts";
import type { Sink } from "../../../services/collector/sink.ts";
import { Spool } from "../../../services/collector/spool.ts";
import type { Event } from "../../../services/contract/event.ts";
import { anEvent } from "../contract/an-event.ts";
import { migrate, startMarketingDatabase } from "./marketing-database.ts";
import type { MarketingDatabase } from "./marketing-database.ts";
import { openApp } from "./open-app.ts";
import { temporaryFolder } from "./temporary-folder.ts";

let database: MarketingDatabase;
let pool: pg.Pool;
let spool: Spool;
let trouble: string[];
let args: DrainArgs;

beforeAll(async () => {
  database = await startMarketingDatabase();
  pool = new pg.Pool({ connectionString: database.url, max: 1 });
  pool.on("error", () => undefined);
}, 60_000);

beforeEach(async () => {
  await database.admin.query("TRUNCATE events.event, events.bad_row, events.refusal");
  spool = await Spool.open({ folder: temporaryFolder(), maxBytes: 64 * 1024 * 1024 });
  trouble = [];
  args = {
    spool,
    good: new PostgresSink(pool, EVENT_TABLE),
    bad: new PostgresSink(pool, BAD_ROW_TABLE),
    refusals: new PostgresSink(pool, REFUSAL_TABLE),
    onTrouble: (message, error) => trouble.push(`${message}: ${error.message}`),
  };
});

afterEach(() => spool.close());

afterAll(async () => {
  await pool.end();
  await database.stop();
});

const rows = async (sql: string): Promise<Record<string, unknown>[]> =>
  (await database.admin.query(sql)).rows;

const eventRecord = (changes: object = {}): Buffer =>
  encodeRecord(RECORD_KINDS.event, JSON.stringify(anEvent(changes)), Date.now());

test("every field of an event arrives in its column", async () => {
  const odd =
    'quote " back\\slash \\N \\. tab\t newline\n return\r \u0001\u0002 \u2028 ü 🎈 {},NULL';
  await spool.append([
    eventRecord({
      name: odd,
      properties: { [odd]: odd, large: 123456789.25 },
      consent: ["email", "analytics"],
    }),
  ]);
  await drainOnce(args);
  expect(await rows("SELECT * FROM events.event")).toEqual([
    {
      source: "website",
      id: "message-1",
      type: "track",
      name: odd,
      dialect: "segment",
      anonymous_id: "anon-1",
      user_id: "user-1",
      occurred_at: new Date("2026-01-01T00:00:00.000Z"),
      received_at: new Date("2026-01-01T00:00:01.000Z"),
      context: { ip: "203.0.113.9" },
      properties: { [odd]: odd, large: 123456789.25 },
      consent: ["email", "analytics"],
      campaign: "spring-sale",
      stored_at: expect.any(Date),
      stored_by: expect.any(String),
    },
  ]);
});

test("an id is stored once per source, within a batch and across batches", async () => {
  await spool.append([eventRecord(), eventRecord(), eventRecord({ source: "app" })]);
  await drainOnce(args);
  await spool.append([eventRecord(), eventRecord({ id: "message-2" })]);
  await drainOnce(args);
  expect(await rows("SELECT source, id FROM events.event ORDER BY source, id")).toEqual([
    { source: "app", id: "message-1" },
    { source: "website", id: "message-1" },
    { source: "website", id: "message-2" },
  ]);
});

test("what the collector accepts, PostgreSQL stores: nothing is set aside twice", async () => {
  const { post, spool: accepted } = await openApp();
  const event = { type: "track", event: "e", userId: "u" };
  await post("/v1/batch", {
    batch: [event, { ...event, event: "\0" }, { ...event, userId: "\ud800" }, 7],
  });
  await post(
    "/v1/batch",
    '{"batch":[{"type":"track","event":"e","userId":"v","properties":{"a":1e400}}]}',
  );
  await post("/v1/batch", Buffer.from([0, 1, 2, 255]));
  await drainOnce({ ...args, spool: accepted });
  expect(trouble).toEqual([]);
  expect(await rows("SELECT type FROM events.event")).toHaveLength(1);
  expect(await rows("SELECT id FROM events.bad_row")).toHaveLength(5);
  const [row] = await rows("SELECT raw FROM events.bad_row WHERE reason = 'body must be UTF-8'");
  expect(row).toEqual({ raw: Buffer.from([0, 1, 2, 255]) });
  await accepted.close();
});

test("one event that PostgreSQL refuses becomes a bad row, the others of its batch are stored", async () => {
  const nul = { properties: { text: "\0" }, id: "poison" };
  const ids = Array.from({ length: 100 }, (_, index) => `message-${index}`);
  const records = ids.map((id) => eventRecord({ id }));
  await spool.append([...records.slice(0, 40), eventRecord(nul), ...records.slice(40)]);
  await drainOnce(args);
  expect(await rows("SELECT id FROM events.event")).toHaveLength(100);
  const [row] = await rows("SELECT reason, raw FROM events.bad_row");
  expect(row!.reason).toMatch(/unsupported Unicode escape sequence/);
  expect(JSON.parse(String(row!.raw))).toEqual(anEvent(nul));
});

const refusalRecord = (changes: object = {}): Buffer => {
  const refusal = { person: "d", purposes: [], at: "2026-01-01T00:00:00.000Z", ...changes };
  return encodeRecord(RECORD_KINDS.refusal, JSON.stringify(refusal), Date.now());
};

test("of refusals the last of each person stays, in whatever order they come and however often", async () => {
  const [early, late] = ["2026-01-01T00:00:00.000Z", "2026-01-01T00:00:00.001Z"];
  await spool.append([
    refusalRecord({ person: "a", at: late, purposes: ["email"] }),
    refusalRecord({ person: "a", at: early }),
    refusalRecord({ person: "b", at: early }),
  ]);
  await drainOnce(args);
  await spool.append([
    refusalRecord({ person: "a", at: early }),
    refusalRecord({ person: "b", at: early }),
    refusalRecord({ person: "b", at: late, purposes: ["advertising", "email"] }),
  ]);
  await drainOnce(args);
  const digests = Object.fromEntries(
    (
      await rows("SELECT one, events.person_digest(one) AS digest FROM unnest('{a,b}'::text[]) one")
    ).map(({ one, digest }) => [one, digest]),
  );
  const stored = await rows("SELECT * FROM events.refusal ORDER BY purposes");
  expect(stored).toEqual([
    { digest: digests.b, purposes: ["advertising", "email"], at: new Date(late) },
    { digest: digests.a, purposes: ["email"], at: new Date(late) },
  ]);
  expect(trouble).toEqual([]);
});

test("a refusal is stored though events cannot be, and one that never can be is set aside", async () => {
  const away: Sink = {
    maxBytes: 1e6,
    isHealthy: () => false,
    store: () => Promise.reject(new Error("not now")),
  };
  await spool.append([eventRecord(), refusalRecord()]);
  await expect(drainOnce({ ...args, good: away })).rejects.toThrow("not now");
  expect(await rows("SELECT FROM events.refusal")).toHaveLength(1);
  await spool.append([refusalRecord({ at: "never" }), refusalRecord({ person: "e" })]);
  await drainOnce(args);
  expect(await rows("SELECT FROM events.refusal")).toHaveLength(2);
  expect(trouble).toEqual([expect.stringMatching(/^set a refusal aside that cannot be stored/)]);
  expect(await rows("SELECT FROM events.bad_row")).toHaveLength(1);
});

test("a corrupt stretch of the spool becomes a bad row", async () => {
  const corrupt = eventRecord({ id: "corrupt" });
  corrupt[30]! ^= 1;
  await spool.append([eventRecord(), corrupt, eventRecord({ id: "message-2" })]);
  await drainOnce(args);
  expect(await rows("SELECT id FROM events.event ORDER BY id")).toEqual([
    { id: "message-1" },
    { id: "message-2" },
  ]);
  expect(await rows("SELECT reason, raw FROM events.bad_row")).toEqual([
    { reason: "a record of the spool must match its checksum", raw: corrupt },
  ]);
});

test("a segment that is gone is told, and what lies behind it is stored", async () => {
  const folder = temporaryFolder();
  const small = await Spool.open({ folder, maxBytes: 1024 * 1024, segmentBytes: 1 });
  await small.append([eventRecord({ id: "gone" })]);
  await small.append([eventRecord({ id: "there" })]);
  rmSync(join(folder, "000000000001.segment"));
  await drainOnce({ ...args, spool: small });
  expect(await rows("SELECT id FROM events.event")).toEqual([{ id: "there" }]);
  expect(trouble).toEqual([
    expect.stringMatching(
      /^left out what is not in the spool any more: the spool must have what it accepted, \d+ bytes are gone from its disk$/,
    ),
  ]);
  await small.close();
});

test("a batch that was stored but not marked as drained is repeated without harm", async () => {
  const bad = badRow({
    source: "website",
    dialect: "segment",
    path: "/v1/batch",
    reason: "body must be JSON",
    receivedAt: "2026-01-01T00:00:01.000Z",
    raw: Buffer.from("{"),
  });
  const badRecord = encodeRecord(RECORD_KINDS.badRow, JSON.stringify(bad), Date.now());
  await spool.append([eventRecord(), badRecord]);
  const { found } = await spool.read(Infinity, Infinity);
  await args.good.store([found[0]!.payload]);
  await args.bad.store([found[1]!.payload]);
  await drainOnce(args);
  expect(await rows("SELECT id FROM events.event")).toHaveLength(1);
  expect(await rows("SELECT raw FROM events.bad_row")).toEqual([{ raw: Buffer.from("{") }]);
});

test("it goes on by itself once tables are there, and loses nothing meanwhile", async () => {
  await database.admin.query("DROP TABLE events.event");
  await spool.append([eventRecord()]);
  const stop = new AbortController();
  const failed = new Promise<void>((resolve) => {
    args = { ...args, onTrouble: () => resolve() };
  });
  const draining = drain(args, stop.signal);
  await failed;
  expect(args.good.isHealthy()).toBe(false);
  expect(spool.bytes).toBeGreaterThan(0);

  await migrate(database.admin);
  while (spool.bytes > 0) await new Promise((next) => setImmediate(next));
  stop.abort();
  await draining;
  expect(args.good.isHealthy()).toBe(true);
  expect(await rows("SELECT id FROM events.event")).toHaveLength(1);
}, 30_000);

/** A sink for one event at a time that writes down what it does, and that `meanwhile` holds up. */
function sinkThatTells(did: string[], meanwhile: (id: string) => Promise<void>): Sink {
  const idOf = ([row]: readonly Buffer[]): string => (JSON.parse(row!.toString()) as Event).id;
  return {
    maxBytes: eventRecord({ id: "a" }).length,
    isHealthy: () => true,
    store: () => Promise.reject(new Error("what is prepared must be stored")),
    prepare: async (rows) => {
      did.push(`prepares ${idOf(rows)}`);
      return async () => {
        await meanwhile(idOf(rows));
        did.push(`stores ${idOf(rows)}`);
      };
    },
  };
}

test("of a backlog the next batch is made ready while one is stored", async () => {
  const did: string[] = [];
  const has = async (what: string): Promise<void> => {
    while (!did.includes(what)) await new Promise((next) => setImmediate(next));
  };
  const next: Record<string, string> = { a: "prepares b", b: "prepares c", c: "stores b" };
  await spool.append(["a", "b", "c"].map((id) => eventRecord({ id })));
  await drainOnce({ ...args, good: sinkThatTells(did, (id) => has(next[id]!)) });
  expect(did.filter((line) => line.startsWith("stores"))).toEqual([
    "stores a",
    "stores b",
    "stores c",
  ]);
  expect(did.indexOf("prepares c")).toBeGreaterThan(did.indexOf("stores a"));
  expect(spool.bytes).toBe(0);
});

test("fails without what lies behind a batch that cannot be stored", async () => {
  const did: string[] = [];
  await spool.append(["a", "b", "c"].map((id) => eventRecord({ id })));
  const good = sinkThatTells(did, async (id) => {
    if (id === "b") throw new Error("not now");
  });
  await expect(drainOnce({ ...args, good })).rejects.toThrow("not now");
  expect(did.filter((line) => line.startsWith("stores"))).toEqual(["stores a"]);
  did.length = 0;
  await drainOnce({ ...args, good: sinkThatTells(did, async () => undefined) });
  expect(did.filter((line) => line.startsWith("stores"))).toEqual(["stores b", "stores c"]);
});

test("fails with UnstorableRows only where the data is to blame", async () => {
  const row = Buffer.from(JSON.stringify(anEvent({ occurredAt: "never" })));
  await expect(args.good.store([row])).rejects.toThrow(UnstorableRows);
  const elsewhere = new PostgresSink(pool, { ...EVENT_TABLE, name: "events.elsewhere" });
  await expect(elsewhere.store([row])).rejects.not.toThrow(UnstorableRows);
});

test("login reader reads, login collector cannot change or delete what is stored", async () => {
  const grants = await rows(
    `SELECT grantee, table_name, string_agg(privilege_type, ' ' ORDER BY privilege_type) AS may
     FROM information_schema.role_table_grants
     WHERE table_schema = 'events' AND grantee <> 'postgres' GROUP BY 1, 2 ORDER BY 1, 2`,
  );
  expect(grants).toEqual([
    { grantee: "collector", table_name: "bad_row", may: "INSERT SELECT" },
    { grantee: "collector", table_name: "deleted_key", may: "SELECT" },
    { grantee: "collector", table_name: "erased_id", may: "SELECT" },
    { grantee: "collector", table_name: "erased_text", may: "SELECT" },
    { grantee: "collector", table_name: "erasure_salt", may: "SELECT" },
    { grantee: "collector", table_name: "event", may: "INSERT SELECT" },
    { grantee: "collector", table_name: "flags", may: "SELECT" },
    { grantee: "collector", table_name: "refusal", may: "INSERT SELECT" },
    { grantee: "collector", table_name: "replay", may: "INSERT SELECT" },
    { grantee: "reader", table_name: "bad_row", may: "SELECT" },
    { grantee: "reader", table_name: "event", may: "SELECT" },
    { grantee: "reader", table_name: "expired", may: "SELECT" },
    { grantee: "reader", table_name: "expiry", may: "SELECT" },
    { grantee: "reader", table_name: "flags", may: "SELECT" },
    { grantee: "reader", table_name: "replay", may: "SELECT" },
  ]);
});
