import pg from "pg";
import { PgBoss } from "pg-boss";
import { erase } from "../../../commands/erase/erase.ts";
import { badRow } from "../../../services/collector/bad-row.ts";
import {
  BAD_ROW_TABLE,
  EVENT_TABLE,
  PostgresSink,
} from "../../../services/collector/postgres-sink.ts";
import { followLog } from "../../../services/worker/profiles/follow.ts";
import { anEvent } from "../../services/contract/an-event.ts";
import { startWorkerDatabase, type WorkerDatabase } from "../../services/worker/worker-database.ts";

/** Tables in which people are, by an id of theirs. */
const OF_PEOPLE = [
  "campaigns.enrolment",
  "campaigns.exposure",
  "campaigns.message",
  "campaigns.suppression",
  "campaigns.sweep",
  "events.bad_row",
  "events.event",
  "profiles.activity",
  "profiles.consent",
  "profiles.link",
  "profiles.trait",
];

/** Tables of messages of theirs, by the id of a message, which is made of the person's. */
const OF_MESSAGES = ["campaigns.feedback", "campaigns.held"];

/** Tables in which there is nobody: what somebody declared, sums, digests, keys of events. */
const OF_NOBODY = [
  "campaigns.campaign",
  "campaigns.experiment",
  "campaigns.feedback_progress",
  "campaigns.look",
  "campaigns.outbound",
  "campaigns.spent",
  "events.deleted_key",
  "events.erased_id",
  "events.erased_text",
  "events.erasure_salt",
  "events.expired",
  "events.expiry",
  "events.flags",
  "events.refusal",
  "events.replay",
  "ledger.change",
  "ledger.watermark",
  "profiles.progress",
];

/** In all that is stored of her, and in nothing else. */
const ADA = "ada-1815";
const MESSAGE = "5f0c1c52-6d0e-4f0a-9d8e-3b1f0a7c2e11";

let database: WorkerDatabase;
let client: pg.Client;
let boss: PgBoss;

beforeAll(async () => {
  database = await startWorkerDatabase();
  client = new pg.Client({ connectionString: database.url });
  await client.connect();
  boss = new PgBoss({ connectionString: database.url, schema: "jobs", createSchema: false });
  await boss.start();
}, 60_000);

afterAll(async () => {
  await boss.stop({ graceful: false, close: true });
  await client.end();
  await database.stop();
});

/** Tables of all schemas, parts of others left out. */
async function tables(): Promise<string[]> {
  const { rows } = await database.admin.query<{ name: string }>(
    `SELECT relnamespace::regnamespace || '.' || relname AS name FROM pg_class
      WHERE relkind IN ('r', 'p') AND NOT relispartition AND relnamespace::regnamespace::text !~ '^(pg_|information_schema$)'
      ORDER BY 1`,
  );
  return rows.map(({ name }) => name);
}

/** Tables that have a text in a row, bytes of it included. */
async function tablesWith(text: string): Promise<string[]> {
  const found: string[] = [];
  for (const table of await tables()) {
    const { rowCount } = await database.admin.query(
      `SELECT FROM ${table} AS one WHERE row_to_json(one)::text LIKE ANY ($1) LIMIT 1`,
      [[text, Buffer.from(text).toString("hex")].map((one) => `%${one}%`)],
    );
    if (rowCount === 1) found.push(table);
  }
  return found;
}

test("every table of the migrations is known to have people in it, or nobody", async () => {
  const ours = (await tables()).filter((name) => !name.startsWith("jobs."));
  expect(ours).toEqual([...OF_PEOPLE, ...OF_MESSAGES, ...OF_NOBODY].sort());
});

test("a person who is in every table is in none after the erasure", async () => {
  const [userId, anonymousId] = [`${ADA}@example.com`, `anon-${ADA}`];
  const person = `user:${userId}`;
  const asCollector = database.url.replace("//worker@", "//collector@");
  const collector = new pg.Pool({ connectionString: asCollector, max: 1 });
  const worker = new pg.Pool({ connectionString: database.url, max: 1 });
  await new PostgresSink(collector, EVENT_TABLE).store(
    [
      anEvent({ id: "1", userId, anonymousId, type: "identify", properties: { email: userId } }),
      anEvent({ id: "2", userId: null, anonymousId }),
    ].map((event) => Buffer.from(JSON.stringify(event))),
  );
  const at = { source: "website", dialect: "segment", path: "/", reason: "r" };
  const bad = { ...at, receivedAt: "2026-01-01T00:00:00.000Z", raw: Buffer.from(`{"${userId}`) };
  await new PostgresSink(collector, BAD_ROW_TABLE).store([
    Buffer.from(JSON.stringify(badRow(bad))),
  ]);
  await followLog(worker);
  await Promise.all([collector.end(), worker.end()]);
  await client.query(
    `INSERT INTO campaigns.enrolment (uid, person, campaign, variant, since, before) VALUES ('u', '${person}', 'c', 'v', now(), '{}');
     INSERT INTO campaigns.message (id, uid, campaign, person, variant, step, channel, kind, content)
       VALUES ('${MESSAGE}', 'u', 'c', '${person}', 'v', 's', 'c', 'email', 'c');
     INSERT INTO campaigns.exposure (campaign, person, variant, at) VALUES ('c', '${person}', 'v', now());
     INSERT INTO campaigns.held (campaign, effect) VALUES ('c', '${MESSAGE}');
     INSERT INTO campaigns.feedback (message, kind, at) VALUES ('${MESSAGE}', 'bounced', now());
     INSERT INTO campaigns.suppression (list, who, reason) VALUES ('bounced', '${person}', '${userId} said so');
     INSERT INTO campaigns.sweep (uid, declared, reached) VALUES ('u', 'd', '${person}')`,
  );
  await boss.createQueue("send-message");
  await boss.insert("send-message", [
    { data: { message: MESSAGE, round: 1 } },
    { data: { person } },
  ]);
  await client.query("UPDATE jobs.job SET output = $1", [{ reason: `550 ${userId} is unknown` }]);
  expect(await tablesWith(ADA)).toEqual([...OF_PEOPLE, "jobs.job"].sort());
  const ofMessages = [...OF_MESSAGES, "campaigns.message", "jobs.job"].sort();
  expect(await tablesWith(MESSAGE)).toEqual(ofMessages);

  await erase(client, { userIds: [userId], anonymousIds: [] }, "me", async () => undefined);
  expect(await tablesWith(ADA)).toEqual([]);
  expect(await tablesWith(MESSAGE)).toEqual([]);
});
