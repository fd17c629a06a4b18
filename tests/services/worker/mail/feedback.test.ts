import { readFileSync } from "node:fs";
import { mailDialect } from "../../../../services/collector/mail/mail.ts";
import { unsubscribeToken } from "../../../../services/contract/mail-feedback.ts";
import { takeFeedback } from "../../../../services/worker/mail/feedback.ts";
import { workerDatabase } from "../worker-database.ts";

const KEY = "K".repeat(32);
const ANA = "00000000-0000-8000-8000-000000000001";
const EVA = "00000000-0000-8000-8000-000000000002";
const STRANGER = "00000000-0000-8000-8000-000000000003";
const MIGRATION = "services/worker/migrations/0027-feedback-of-backups.sql";

const database = workerDatabase();
beforeEach(async () => {
  await database.pool.query(
    "truncate campaigns.message, campaigns.feedback, campaigns.suppression",
  );
  await database.admin.query("truncate events.event");
  await database.pool.query(
    `insert into campaigns.message (id, uid, campaign, person, variant, step, channel, kind, content, state)
     select id, 'u', 'greeting', person, 'letter', 'greet', 'letters', 'email', 'welcome', 'sent'
     from (values ($1::uuid, 'user:ana'), ($2, 'user:eva')) as one (id, person)`,
    [ANA, EVA],
  );
});

async function store(id: string, source = "mail"): Promise<void> {
  await database.admin.query(
    `insert into events.event (source, id, type, name, occurred_at, received_at, context, properties, consent)
     values ($1, $2, 'track', 'x', '2026-11-01T10:00:00Z', now(), '{}', '{}', '{}')`,
    [source, id],
  );
}

async function known(): Promise<{ feedback: string[]; suppressed: string[] }> {
  const feedback = await database.pool.query<{ one: string }>(
    "select message || ' ' || kind as one from campaigns.feedback order by 1",
  );
  const suppressed = await database.pool.query<{ one: string }>(
    "select list || ' ' || who || ': ' || reason as one from campaigns.suppression order by 1",
  );
  return {
    feedback: feedback.rows.map(({ one }) => one),
    suppressed: suppressed.rows.map(({ one }) => one),
  };
}

test("what the collector makes of a click ends in the list of those who are not reached", async () => {
  const click = mailDialect([KEY]).endpoints[1]!;
  if (click.kind !== "events") throw new Error("a click must be an event");
  const { submissions } = click.decode({
    headers: {},
    query: "",
    pathKey: unsubscribeToken(KEY, ANA),
    body: Buffer.alloc(0),
    at: 0,
  });
  await store((submissions[0]!.draft as { id: string }).id);
  expect(await takeFeedback(database.pool)).toBe(1);
  expect(await known()).toEqual({
    feedback: [`${ANA} unsubscribed`],
    suppressed: ["unsubscribed user:ana: a mail of campaign greeting"],
  });
});

test("each is taken once, by however many workers, also if it is told again", async () => {
  await store(`${ANA}:bounced`);
  await store(`${ANA}:complained`);
  await store(`${EVA}:bounced`);
  await Promise.all(Array.from({ length: 4 }, () => takeFeedback(database.pool)));
  await takeFeedback(database.pool);
  const after = await known();
  expect(after).toEqual({
    feedback: [`${ANA} bounced`, `${ANA} complained`, `${EVA} bounced`],
    suppressed: [
      "bounced user:ana: a mail of campaign greeting",
      "bounced user:eva: a mail of campaign greeting",
      "complained user:ana: a mail of campaign greeting",
    ],
  });
  await database.pool.query("update campaigns.feedback_progress set stored_by = 0");
  expect(await takeFeedback(database.pool)).toBe(0);
  expect(await known()).toEqual(after);
});

test("an event that is stored while others are taken is not missed", async () => {
  const late = await database.admin.connect();
  try {
    await late.query("begin");
    await late.query(
      `insert into events.event (source, id, type, name, occurred_at, received_at, context, properties, consent)
       values ('mail', $1, 'track', 'x', now(), now(), '{}', '{}', '{}')`,
      [`${ANA}:unsubscribed`],
    );
    await store(`${EVA}:unsubscribed`);
    await takeFeedback(database.pool);
    expect((await known()).feedback).toEqual([]);
    await late.query("commit");
  } finally {
    late.release(true);
  }
  await takeFeedback(database.pool);
  expect((await known()).feedback).toEqual([`${ANA} unsubscribed`, `${EVA} unsubscribed`]);
});

test("on a server that has the backup of another one, what came back before and after is taken", async () => {
  await store(`${ANA}:unsubscribed`);
  await database.pool.query("update campaigns.feedback_progress set stored_by = 5000000");
  expect(await takeFeedback(database.pool)).toBe(1);
  await store(`${EVA}:unsubscribed`);
  expect(await takeFeedback(database.pool)).toBe(1);
});

test("what was passed over is taken once the tables are made again, and only then is all looked at anew", async () => {
  await store(`${ANA}:unsubscribed`);
  const passed = "update campaigns.feedback_progress set stored_by = $1 returning stored_by";
  const { rows } = await database.pool.query<{ next: string }>(
    "select pg_snapshot_xmax(pg_current_snapshot())::text as next",
  );
  const next = rows[0]!.next;
  await database.pool.query(passed, [next]);
  expect(await takeFeedback(database.pool)).toBe(0);
  await database.admin.query(readFileSync(MIGRATION, "utf8"));
  expect(await takeFeedback(database.pool)).toBe(1);
  await database.pool.query(passed, [next]);
  await database.admin.query(readFileSync(MIGRATION, "utf8"));
  const { rows: after } = await database.pool.query(
    "select stored_by from campaigns.feedback_progress",
  );
  expect(after).toEqual([{ stored_by: next }]);
});

test("what is of a message of another environment suppresses nobody", async () => {
  await store(`${STRANGER}:unsubscribed`);
  expect(await takeFeedback(database.pool)).toBe(1);
  expect(await known()).toEqual({ feedback: [`${STRANGER} unsubscribed`], suppressed: [] });
});

test.each([
  ["of another source", `${ANA}:unsubscribed`, "website"],
  ["that tells nothing known", `${ANA}:opened`, "mail"],
  ["of no message", "ana:unsubscribed", "mail"],
])("fails to suppress by an event %s", async (_what, id, source) => {
  await store(id, source);
  expect(await takeFeedback(database.pool)).toBe(0);
  expect(await known()).toEqual({ feedback: [], suppressed: [] });
});
