import { randomBytes } from "node:crypto";
import { gzipSync } from "node:zlib";
import pg from "pg";
import { waitFor } from "../../../local/wait.ts";
import { erase } from "../../../commands/erase/erase.ts";
import type { NotedErasure } from "../../../commands/erase/noted.ts";
import { BadRowSink } from "../../../services/collector/bad-row-sink.ts";
import { badRow } from "../../../services/collector/bad-row.ts";
import { erasedText } from "../../../services/collector/erased-text.ts";
import {
  BAD_ROW_TABLE,
  EVENT_TABLE,
  PostgresSink,
  REFUSAL_TABLE,
} from "../../../services/collector/postgres-sink.ts";
import { personDigest } from "../../../services/collector/refusals.ts";
import { ENTER_LOCK } from "../../../services/worker/journeys/enter.ts";
import { SWEEP_LOCK } from "../../../services/worker/journeys/sweep.ts";
import { followLog } from "../../../services/worker/profiles/follow.ts";
import { anEvent } from "../../services/contract/an-event.ts";
import { startWorkerDatabase, type WorkerDatabase } from "../../services/worker/worker-database.ts";

const noted: NotedErasure[] = [];
const note = async (erasure: NotedErasure): Promise<void> => void noted.push(erasure);

let database: WorkerDatabase;
let client: pg.Client;
let worker: pg.Pool;
let collector: pg.Pool;
let events: PostgresSink;

beforeAll(async () => {
  database = await startWorkerDatabase();
  client = new pg.Client({ connectionString: database.url });
  await client.connect();
  worker = new pg.Pool({ connectionString: database.url, max: 1 });
  collector = new pg.Pool({
    connectionString: database.url.replace("//worker@", "//collector@"),
    max: 1,
  });
  events = new PostgresSink(collector, EVENT_TABLE);
  await database.admin.query("CREATE TABLE jobs.job (id text, data jsonb)");
}, 60_000);

afterAll(async () => {
  await Promise.all([client.end(), worker.end(), collector.end()]);
  await database.stop();
});

const store = (changes: object): Promise<void> =>
  events.store([Buffer.from(JSON.stringify(anEvent(changes)))]);
const ids = async (table: string): Promise<string[]> =>
  (await database.admin.query(`SELECT id FROM ${table} ORDER BY id`)).rows.map(({ id }) => id);
const bad = (id: string, raw: string): Buffer => {
  const at = { source: "website", dialect: "segment", path: id, reason: "r" };
  const receivedAt = "2026-01-01T00:00:00.000Z";
  return Buffer.from(
    JSON.stringify({ ...badRow({ ...at, receivedAt, raw: Buffer.from(raw) }), id }),
  );
};

/** Returns once a login waits for somebody else's transaction. */
const untilWaiting = async (login: string): Promise<void> => {
  await waitFor("the wait", 10, async () => {
    const { rows } = await database.admin.query(
      "SELECT FROM pg_stat_activity WHERE usename = $1 AND wait_event_type = 'Lock'",
      [login],
    );
    return rows.length === 1 ? true : undefined;
  });
};

test("a person goes with all ids from everywhere, and the ledger tells of it without one", async () => {
  const ada = { userId: "ada@example.com", anonymousId: "anon-ada-1" };
  await store({ ...ada, id: "a1", type: "identify", properties: { email: "ada@example.com" } });
  await store({ userId: null, anonymousId: "anon-ada-1", id: "a2" });
  await store({ userId: "bob@example.com", anonymousId: "anon-bob-1", id: "b1" });
  await followLog(worker);
  await new PostgresSink(collector, BAD_ROW_TABLE).store([
    bad("plain", '{"userId":"ada@example.com",'),
    bad("form", "uid=ada%40example.com&e=x"),
    ...["", "x", "xy"].map((before, index) =>
      bad(
        `base64-${index}`,
        `data=${Buffer.from(`${before}{"u":"ada@example.com"}`).toString("base64")}`,
      ),
    ),
    bad("other", '{"userId":"bob@example.com",'),
  ]);
  await database.admin.query(
    `INSERT INTO jobs.job VALUES ('ada', '{"to": [{"person": "user:ada@example.com"}]}'), ('bob', '{"person": "user:bob@example.com"}')`,
  );

  const { ids: count, rows } = await erase(
    client,
    { userIds: [], anonymousIds: ["anon-ada-1"] },
    "me",
    note,
  );
  expect(count).toBe(2);
  expect(rows).toMatchObject({ "events.event": 2, "events.bad_row": 5, "jobs.job": 1 });
  expect(await ids("events.event")).toEqual(["b1"]);
  expect(await ids("events.bad_row")).toEqual(["other"]);
  expect(await ids("jobs.job")).toEqual(["bob"]);
  for (const table of ["link", "trait", "activity", "consent"]) {
    const left = await database.admin.query(`SELECT person FROM profiles.${table}`);
    expect(left.rows.filter(({ person }) => person.includes("ada"))).toEqual([]);
  }
  const ledger = await database.admin.query("SELECT * FROM ledger.change WHERE kind = 'erasure'");
  expect(ledger.rows).toHaveLength(1);
  expect(JSON.stringify(ledger.rows)).not.toMatch(/\bada\b/);
  const digests = await database.admin.query(
    "SELECT encode(digest, 'hex') AS digest FROM events.erased_id ORDER BY 1",
  );
  // Two of each id.
  expect(digests.rows).toHaveLength(4);
  // What is noted for a restored backup says as little.
  expect(noted).toHaveLength(1);
  expect(noted[0]).toMatchObject({ id: ledger.rows[0].id, actor: "me", details: { ids: 2, rows } });
  expect([...noted[0]!.people].sort()).toEqual(digests.rows.map(({ digest }) => digest));
  expect(JSON.stringify(noted)).not.toMatch(/\bada\b/);
});

test("what of them comes from a spool later is not stored, what happens after that is", async () => {
  const cleo = { userId: "cleo", anonymousId: null };
  await store({ ...cleo, id: "c1" });
  await erase(client, { userIds: ["cleo"], anonymousIds: [] }, "me", note);
  const soon = new Date(Date.now() + 60_000).toISOString();
  await store({ ...cleo, id: "c2" });
  await store({ ...cleo, id: "c3", receivedAt: soon });
  await store({ userId: "dan", anonymousId: null, id: "d1" });
  await store({ ...cleo, id: "c4", occurredAt: soon, receivedAt: soon });
  expect(await ids("events.event")).toEqual(["b1", "c4", "d1"]);
});

test("what they refused goes too, and is not stored when it comes from a spool later; others' stays", async () => {
  const refusals = new PostgresSink(collector, REFUSAL_TABLE);
  const refuse = (person: string, at: string): Promise<void> => {
    const refusal = { person: personDigest(person), purposes: [], at };
    return refusals.store([Buffer.from(JSON.stringify(refusal))]);
  };
  const before = new Date().toISOString();
  await refuse("anonymous:eve", before);
  await refuse("user:finn", before);
  await erase(client, { userIds: [], anonymousIds: ["eve"] }, "me", note);
  const refused = async (): Promise<object[]> =>
    (
      await worker.query(
        "SELECT person, at FROM events.refusals('{anonymous:eve,user:eve,user:finn}')",
      )
    ).rows;
  expect(await refused()).toEqual([{ person: "user:finn", at: new Date(before) }]);
  await refuse("anonymous:eve", before);
  expect(await refused()).toHaveLength(1);
  await refuse("anonymous:eve", new Date(Date.now() + 60_000).toISOString());
  expect(await refused()).toHaveLength(2);
});

test("a bad row of theirs that was in a spool is not stored, nor one that is compressed; others are", async () => {
  await database.admin.query("TRUNCATE events.bad_row");
  const sink = new BadRowSink(collector);
  const early = "2026-01-01T00:00:00.000Z";
  const soon = new Date(Date.now() + 60_000).toISOString();
  const row = (id: string, raw: Buffer, receivedAt = early): Buffer => {
    const at = { source: "website", dialect: "segment", path: id, reason: "r", receivedAt };
    return Buffer.from(JSON.stringify({ ...badRow({ ...at, raw }), id }));
  };
  const text = (user: string): Buffer => Buffer.from(`{"batch":[{"userId":"${user}",`);
  const gzip = gzipSync(Buffer.concat([text("fred@example.com"), randomBytes(50_000)]));
  await sink.store([
    row("stored-gzip", gzip),
    row("stored-cut-gzip", gzip.subarray(0, 30_000)),
    row("stored-other-gzip", gzipSync(text("gina@example.com"))),
  ]);

  const { rows } = await erase(
    client,
    { userIds: ["fred@example.com"], anonymousIds: [] },
    "me",
    note,
  );
  expect(rows["events.bad_row"]).toBe(2);
  const base64 = Buffer.from(`{"u":"fred@example.com"}`).toString("base64");
  await sink.store([
    row("late", text("fred@example.com")),
    row("late-base64", Buffer.from(`data=${base64}`)),
    row("late-gzip", gzip),
    row("late-other", text("gina@example.com")),
    row("new", text("fred@example.com"), soon),
  ]);
  expect(await ids("events.bad_row")).toEqual(["late-other", "new", "stored-other-gzip"]);
  const { rows: texts } = await database.admin.query(
    "SELECT erased_text::text FROM events.erased_text",
  );
  expect(JSON.stringify(texts)).not.toContain("fred");
});

test("a bad row that is looked through while somebody is erased is looked through again", async () => {
  const other = await worker.connect();
  await other.query("BEGIN");
  const needle = Buffer.from("henry@example.com");
  await other.query("SELECT events.erase($1, $2)", [["user:henry@example.com"], [needle]]);
  const { rows: salts } = await other.query("SELECT salt FROM events.erasure_salt");
  await other.query("SELECT events.erase_texts($1, '{}')", [
    JSON.stringify([erasedText(needle, salts[0].salt)]),
  ]);
  const sink = new BadRowSink(collector);
  const row = bad("henry", '{"userId":"henry@example.com",');
  const stored = sink.store([row]);
  // It waits for the table then, and has not seen the erasure.
  await untilWaiting("collector");
  await other.query("COMMIT");
  other.release();
  await expect(stored).rejects.toMatchObject({ code: "40001" });
  await sink.store([row]);
  expect(await ids("events.bad_row")).not.toContain("henry");
});

test("a profile that is being made of what they sent goes too", async () => {
  const iris = { userId: "iris@example.com", anonymousId: "anon-iris-1" };
  await store({ ...iris, id: "i1", type: "identify", properties: { email: iris.userId } });
  let erasing: Promise<unknown> | undefined;
  await followLog(worker, async () => {
    erasing = erase(client, { userIds: [iris.userId], anonymousIds: [] }, "me", note);
    await untilWaiting("worker");
  });
  expect(await erasing).toMatchObject({ ids: 2 });
  for (const table of ["link", "trait", "activity", "consent"]) {
    const { rows } = await database.admin.query(`SELECT person FROM profiles.${table}`);
    expect(JSON.stringify(rows)).not.toContain("iris");
  }
});

test.each([
  ["is let into a journey with those who follow the log", ENTER_LOCK],
  ["is let into a journey with all who are known", SWEEP_LOCK],
])("who %s at that moment is not in it afterwards", async (_who, lock) => {
  const other = await worker.connect();
  await other.query("BEGIN");
  await other.query("SELECT pg_advisory_xact_lock($1)", [lock]);
  const erasing = erase(client, { userIds: ["jo"], anonymousIds: [] }, "me", note);
  await untilWaiting("worker");
  await other.query(
    "INSERT INTO campaigns.enrolment (uid, person, campaign, variant, since, before) VALUES ('u', 'user:jo', 'c', 'v', now(), '{}')",
  );
  await other.query("COMMIT");
  other.release();
  expect(await erasing).toMatchObject({ rows: { "campaigns.enrolment": 1 } });
});

test("a message that a journey queues for them at that moment goes too", async () => {
  const other = await worker.connect();
  await other.query(
    "INSERT INTO campaigns.enrolment (uid, person, campaign, variant, since, before) VALUES ('u', 'user:kim', 'c', 'v', now(), '{}')",
  );
  await other.query("BEGIN");
  await other.query("SELECT FROM campaigns.enrolment FOR UPDATE");
  const erasing = erase(client, { userIds: ["kim"], anonymousIds: [] }, "me", note);
  await untilWaiting("worker");
  await other.query(
    `INSERT INTO campaigns.message (id, uid, campaign, person, variant, step, channel, kind, content)
     VALUES (gen_random_uuid(), 'u', 'c', 'user:kim', 'v', 's', 'c', 'email', 'c')`,
  );
  await other.query("COMMIT");
  other.release();
  expect(await erasing).toMatchObject({
    rows: { "campaigns.enrolment": 1, "campaigns.message": 1 },
  });
});

test("what came back of a mail to them at that moment leaves them on a list by a digest only", async () => {
  const other = await worker.connect();
  await other.query("BEGIN");
  await other.query("SELECT FROM campaigns.feedback_progress FOR UPDATE");
  const erasing = erase(client, { userIds: ["lou"], anonymousIds: [] }, "me", note);
  await untilWaiting("worker");
  await other.query(
    "INSERT INTO campaigns.suppression (list, who, reason) VALUES ('bounced', 'user:lou', 'lou said so')",
  );
  await other.query("COMMIT");
  other.release();
  expect(await erasing).toMatchObject({ rows: { "campaigns.suppression": 1 } });
  const { rows } = await database.admin.query(
    "SELECT list, who = events.erased_name('user:lou') AS by_digest, reason FROM campaigns.suppression",
  );
  expect(rows).toEqual([{ list: "bounced", by_digest: true, reason: "erased since" }]);
});

test("their other ids are known by events that nobody has followed yet, through others too", async () => {
  const mia = "mia@example.com";
  await store({ userId: null, anonymousId: "anon-mia-1", id: "m1" });
  await followLog(worker);
  await store({ userId: "mia-before", anonymousId: "anon-mia-1", id: "m2", type: "identify" });
  await store({
    ...{ userId: mia, anonymousId: null, id: "m3", type: "alias" },
    properties: { previousId: "mia-before" },
  });
  await store({ userId: "ned", anonymousId: "anon-ned-1", id: "n1", type: "identify" });
  const { ids: count } = await erase(client, { userIds: [mia], anonymousIds: [] }, "me", note);
  // An alias may mean either kind of id.
  expect(count).toBe(4);
  expect((await ids("events.event")).filter((id) => /^[mn]/.test(id))).toEqual(["n1"]);
  await followLog(worker);
  const { rows } = await database.admin.query(
    `SELECT person FROM profiles.activity WHERE person ~ 'mia|ned'
     UNION ALL SELECT person || ' ' || became FROM profiles.link WHERE person ~ 'mia|ned' ORDER BY 1`,
  );
  expect(rows.map(({ person }) => person)).toEqual(["anonymous:anon-ned-1 user:ned", "user:ned"]);
});

test("fails as a whole if one table cannot be changed, and only the worker may erase", async () => {
  await store({ userId: "eve", anonymousId: null, id: "e1" });
  await database.admin.query("ALTER TABLE ledger.change RENAME TO elsewhere");
  await expect(erase(client, { userIds: ["eve"], anonymousIds: [] }, "me", note)).rejects.toThrow(
    /ledger.change/,
  );
  await database.admin.query("ALTER TABLE ledger.elsewhere RENAME TO change");
  expect(await ids("events.event")).toContain("e1");
  await expect(collector.query("SELECT events.erase('{}', '{}')")).rejects.toThrow(/denied/);
});
