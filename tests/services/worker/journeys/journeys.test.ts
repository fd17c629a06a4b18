import pg from "pg";
import { waitFor } from "../../../../local/wait.ts";
import type { CampaignSpec } from "../../../../services/contract/campaign.ts";
import { accept } from "../../../../services/worker/campaigns/accept.ts";
import { openConnectors } from "../../../../services/worker/connectors/open.ts";
import { advanceJourneys } from "../../../../services/worker/journeys/advance.ts";
import type { Channel, Effect, Outcome } from "../../../../services/worker/journeys/channel.ts";
import { courier, type Courier } from "../../../../services/worker/journeys/deliver.ts";
import { dispatchMessages } from "../../../../services/worker/journeys/dispatch.ts";
import { enterPeople } from "../../../../services/worker/journeys/enter.ts";
import { sweepPeople } from "../../../../services/worker/journeys/sweep.ts";
import { ways } from "../../../../services/worker/journeys/ways.ts";
import { followLog, forgetProfiles } from "../../../../services/worker/profiles/follow.ts";
import { inTransaction } from "../../../../services/worker/transaction.ts";
import { startRemote, type Remote } from "../connectors/remote.ts";
import { letterCampaign, runCampaign } from "../campaigns/a-campaign.ts";
import { sent, storeEvents, type Sent } from "../event-log.ts";
import { startWorkerDatabase, type WorkerDatabase } from "../worker-database.ts";

const SECRET = `whsec_${Buffer.alloc(32, 7).toString("base64")}`;

let database: WorkerDatabase;
let pool: pg.Pool;
let remote: Remote;
beforeAll(async () => {
  database = await startWorkerDatabase();
  pool = new pg.Pool({ connectionString: database.url, max: 10 });
  pool.on("error", () => undefined);
  remote = await startRemote();
}, 60_000);
afterAll(async () => {
  await remote.stop();
  await pool.end();
  await database.stop();
});
beforeEach(async () => {
  const { rows } = await database.admin.query<{ name: string }>(
    `select string_agg(format('%I.%I', schemaname, tablename), ', ') as name from pg_tables
     where schemaname in ('campaigns', 'profiles', 'ledger') and tablename not in ('outbound', 'progress')`,
  );
  await database.admin.query(`truncate events.event, ${rows[0]!.name}`);
  remote.taken.length = 0;
  remote.answer = () => ({ status: 200 });
});

test("a journey of two steps sends each person each message once, by as many workers as there are", async () => {
  await runCampaign(pool, { name: "greeting", spec: hookCampaign(twoSteps) });
  const people = Array.from({ length: 40 }, (_, i) => `u${i}`);
  await signUp(people);
  const couriers = [hooks(), hooks(), hooks()];
  for (let round = 0; round < 3; round += 1) await work(...couriers);
  const got = remote.taken.map(({ body }) => {
    const { data } = JSON.parse(body) as { data: { step: string; person: { id: string } } };
    return `${data.person.id} ${data.step}`;
  });
  expect(got.sort()).toEqual(
    people.flatMap((one) => [`user:${one} greet`, `user:${one} remind`]).sort(),
  );
  expect(await ended()).toEqual({ reminded: 40 });
  const { rows } = await pool.query(
    "select count(*)::int as exposed, min(variant) as variant from campaigns.exposure",
  );
  expect(rows).toEqual([{ exposed: 40, variant: "letter" }]);
});

test("who was there before the campaign comes in by a sweep, and so do those whom a larger share reaches", async () => {
  const spec = hookCampaign({
    audience: { all: [{ event: "Viewed", atLeast: 1 }] },
    journey: { steps: greet },
    rollout: [{ percent: 50, gate: { hours: 1 } }, { percent: 100 }],
  });
  const people = Array.from({ length: 700 }, (_, i) => `p${i}`);
  await store(people.map((userId) => sent({ name: "Viewed", userId })));
  await runCampaign(pool, { name: "all", spec });
  const inside = async (): Promise<number> => {
    while (await sweepPeople(pool));
    return (await pool.query("select from campaigns.enrolment")).rowCount!;
  };
  const half = await inside();
  expect(half).toBeGreaterThan(300);
  expect(half).toBeLessThan(400);
  await pool.query("update campaigns.campaign set rollout_percent = 100");
  expect(await inside()).toBe(700);
});

test("who turns out to be one person of two ids is sent each message once", async () => {
  await runCampaign(pool, { name: "greeting", spec: hookCampaign() });
  await store([
    sent({ name: "Signed Up", anonymousId: "a", consent: ["email"], minute: FRESH }),
    sent({ name: "Signed Up", userId: "u", consent: ["email"], minute: FRESH }),
  ]);
  await store([sent({ type: "identify", anonymousId: "a", userId: "u", consent: ["email"] })]);
  await work(hooks());
  expect(remote.taken).toHaveLength(1);
  expect(await ended()).toEqual({
    "came to the end": 1,
    "the same person came in by another id": 1,
  });
});

test("consent that is withdrawn while a message is queued keeps it back for good, with a row in the ledger", async () => {
  await runCampaign(pool, { name: "greeting", spec: hookCampaign() });
  await signUp(["ana", "bo"]);
  await advanceJourneys(pool);
  await store([sent({ type: "identify", userId: "bo", consent: [], minute: FRESH + 1 })]);
  await work(hooks());
  expect(receivers()).toEqual(["user:ana"]);
  expect(await messages()).toEqual([
    { person: "user:ana", state: "sent", reason: "" },
    { person: "user:bo", state: "withheld", reason: "consent" },
  ]);
  const { rows } = await pool.query(
    "select kind, subject, details - 'message' as details from ledger.change where kind = 'campaign.withhold'",
  );
  expect(rows).toEqual([
    {
      kind: "campaign.withhold",
      subject: "campaign/greeting",
      details: { step: "greet", reason: "consent" },
    },
  ]);
});

test.each([
  ["is on a list that the campaign names", "bounced", "suppression list"],
  ["unsubscribed from everything", "unsubscribed", "suppression list"],
])("who %s is sent nothing", async (_who, list, reason) => {
  await runCampaign(pool, {
    name: "greeting",
    spec: hookCampaign({ suppressionLists: ["bounced"] }),
  });
  await pool.query(
    "insert into campaigns.suppression (list, who, reason) values ($1, 'user:bo', 'test')",
    [list],
  );
  await signUp(["bo"]);
  await work(hooks());
  expect(await messages()).toEqual([{ person: "user:bo", state: "withheld", reason }]);
  expect(remote.taken).toEqual([]);
});

test("caps on budget and on messages hold, however many workers send at the same time", async () => {
  const costly = { hook: { kind: "webhook", secret: "hook", costPerThousand: 500 } } as const;
  await runCampaign(pool, {
    name: "greeting",
    spec: hookCampaign({
      channels: costly,
      budget: { currency: "EUR", daily: 1.5, total: 900 },
      frequencyCap: { messages: 1, days: 7 },
      ...twoSteps,
    }),
  });
  await signUp(["a", "b", "c", "d", "e", "f"]);
  await work(hooks(), hooks(), hooks(), hooks());
  expect(new Set(receivers()).size).toBe(3);
  expect(remote.taken).toHaveLength(3);
  const reasons = (await messages()).map(({ state, reason }) => `${state} ${reason}`).sort();
  expect(reasons).toEqual([
    ...Array(3).fill("queued daily budget"),
    ...Array(3).fill("queued frequency cap"),
    ...Array(3).fill("sent "),
  ]);
  expect(await spent()).toBe(1.5);
});

test("what did not leave costs nothing, and what may have left does", async () => {
  const channels = { hook: { kind: "webhook", secret: "hook", costPerThousand: 0.5 } } as const;
  await runCampaign(pool, { name: "greeting", spec: hookCampaign({ channels }) });
  await signUp(["a"]);
  remote.answer = () => ({ status: 503, headers: { "retry-after": "1" } });
  await advanceJourneys(pool);
  const [id] = await dispatched();
  await hooks().deliver(id!);
  expect(await spent()).toBe(0);
  remote.answer = () => ({ status: 503 });
  await hooks().deliver(id!);
  expect(await spent()).toBe(0.0005);
  // This try certainly did not happen, but the one before may have.
  remote.answer = () => ({ status: 429 });
  await hooks().deliver(id!);
  expect(await spent()).toBe(0.0005);
  expect((await messages())[0]!.state).toBe("unknown");
  remote.answer = () => ({ status: 410 });
  await hooks().deliver(id!);
  expect(await spent()).toBe(0);
  expect((await messages())[0]!.state).toBe("failed");
});

test.each([
  ["the kill switch", "update campaigns.outbound set stopped = true"],
  ["a pause", "update campaigns.campaign set hold = 'paused'"],
])("%s holds back what is queued, counts it, and lets it go on", async (_what, holding) => {
  await runCampaign(pool, { name: "greeting", spec: hookCampaign() });
  await signUp(["a", "b"]);
  await advanceJourneys(pool);
  const jobs = await dispatched();
  expect(jobs).toHaveLength(2);
  await pool.query(holding);
  // One is in the queue already, and the other is to be given to it.
  await hooks().deliver(jobs[0]!);
  await pool.query("update campaigns.message set due_at = clock_timestamp() where id = $1", [
    jobs[1],
  ]);
  expect(await dispatched()).toEqual([]);
  expect(remote.taken).toEqual([]);
  expect((await pool.query("select from campaigns.held")).rowCount).toBe(2);
  await pool.query("update campaigns.outbound set stopped = false");
  await pool.query("update campaigns.campaign set hold = null");
  await work(hooks());
  expect(receivers()).toEqual(["user:a", "user:b"]);
  expect((await pool.query("select from campaigns.held")).rowCount).toBe(0);
});

test("while profiles are made anew nobody comes in, nobody goes on, and nothing leaves", async () => {
  await runCampaign(pool, { name: "greeting", spec: hookCampaign(twoSteps) });
  await signUp(["a"]);
  await advanceJourneys(pool);
  const [id] = await dispatched();
  await database.admin.query("update events.event set stored_at = stored_at - interval '1 hour'");
  await inTransaction(pool, forgetProfiles);
  await hooks().deliver(id!);
  expect(await messages()).toEqual([
    {
      person: "user:a",
      state: "queued",
      reason: "what is known of people is behind the event log",
    },
  ]);
  await sweepPeople(pool);
  await work(hooks());
  expect(remote.taken).toEqual([]);
  await store([sent({ name: "Signed Up", userId: "b", consent: ["email"], minute: FRESH })]);
  await work(hooks());
  expect(receivers()).toEqual(["user:a", "user:a", "user:b", "user:b"]);
  expect(await ended()).toEqual({ reminded: 2 });
});

test("who does something while the profiles are behind comes in once they are not", async () => {
  await runCampaign(pool, { name: "greeting", spec: hookCampaign() });
  await sweepPeople(pool);
  await storeEvents(
    database.admin,
    ["a", "b"].map((userId) =>
      sent({ name: "Signed Up", userId, consent: ["email"], minute: FRESH }),
    ),
  );
  const { rows } = await pool.query<{ progress: string }>(
    "select stored_by as progress from profiles.progress",
  );
  await inTransaction(pool, async (transaction) => {
    // As if another portion of the log, an old one, was still to be taken.
    await database.admin.query("update events.event set stored_at = stored_at - interval '1 hour'");
    await transaction.query("update profiles.progress set stored_by = 0");
    await enterPeople(transaction, ["user:a", "user:b"]);
    await transaction.query("update profiles.progress set stored_by = $1", [rows[0]!.progress]);
  });
  await followLog(pool);
  await sweepPeople(pool);
  await work(hooks());
  expect(receivers()).toEqual(["user:a", "user:b"]);
});

test("a campaign that is stopped withholds what is queued, and people come to the end", async () => {
  await runCampaign(pool, { name: "greeting", spec: hookCampaign() });
  await signUp(["a"]);
  await advanceJourneys(pool);
  await pool.query("update campaigns.campaign set hold = 'stopped'");
  await work(hooks());
  expect(await messages()).toEqual([
    { person: "user:a", state: "withheld", reason: "the campaign is stopped" },
  ]);
  expect(await ended()).toEqual({ "the campaign is over": 1 });
});

test("another campaign of the same name does not send what the former one queued", async () => {
  await runCampaign(pool, { name: "greeting", spec: hookCampaign() });
  await signUp(["a"]);
  await advanceJourneys(pool);
  await accept(pool, { name: "greeting", uid: "another", generation: 1, spec: hookCampaign() });
  await work(hooks());
  expect(await messages()).toEqual([
    { person: "user:a", state: "withheld", reason: "the campaign is gone" },
  ]);
});

test("a signal aborts once what let a message out counts no longer, and what did not begin to leave does later", async () => {
  await runCampaign(pool, { name: "greeting", spec: hookCampaign() });
  await signUp(["a"]);
  const slow = channelOf(async ({ signal }) => {
    await pool.query("update campaigns.outbound set stopped = true");
    await new Promise((resolve) => signal.addEventListener("abort", resolve));
    return { kind: "later", reason: `aborted ${signal.aborted}` };
  });
  await work(slow);
  expect(await messages()).toEqual([{ person: "user:a", state: "queued", reason: "aborted true" }]);
});

test("a remote that limits its rate is left alone as long as it said, for all messages", async () => {
  await runCampaign(pool, { name: "greeting", spec: hookCampaign() });
  await signUp(["a", "b"]);
  remote.answer = () => ({ status: 429, headers: { "retry-after": "40" } });
  const one = hooks();
  await advanceJourneys(pool);
  for (const id of await dispatched()) await one.deliver(id);
  expect(remote.taken).toHaveLength(1);
  const { rows } = await pool.query<{ reason: string; tries: number; wait: number }>(
    `select reason, tries, extract(epoch from due_at - clock_timestamp())::float8 as wait
     from campaigns.message order by tries desc`,
  );
  expect(rows.map(({ reason, tries }) => [reason, tries])).toEqual([
    ["the webhook answered 429", 1],
    ["the other side asked to be left alone", 0],
  ]);
  for (const { wait } of rows) expect([wait > 30, wait <= 40]).toEqual([true, true]);
  expect(await dispatched()).toEqual([]);
});

test("a message that a killed worker had let out is sent again by its key, where the other side knows it", async () => {
  const id = await letOut(hooks());
  await hooks().deliver(id);
  expect((await messages())[0]!.reason).toBe("another worker may be sending it");
  await longAgo(id);
  await hooks().deliver(id);
  expect(remote.taken.map(({ headers }) => headers["webhook-id"])).toEqual([id, id]);
  expect(await messages()).toEqual([{ person: "user:a", state: "sent", reason: "" }]);
});

test("a message that a killed worker had let out is not sent again where nobody can be asked", async () => {
  const id = await letOut(channelOf(dies));
  const another = channelOf(async () => ({ kind: "sent" }));
  await another.deliver(id);
  expect((await messages())[0]!.reason).toBe("another worker may be sending it");
  await longAgo(id);
  await another.deliver(id);
  expect(another.effects).toEqual([]);
  expect(await messages()).toEqual([
    {
      person: "user:a",
      state: "unknown",
      reason: "it may have left, and is not sent again: nobody can be asked what became of it",
    },
  ]);
  await advanceJourneys(pool);
  expect(await ended()).toEqual({ "came to the end": 1 });
});

test.each<[string, Outcome, string, number]>([
  ["has it", { kind: "sent", reference: "r" }, "sent", 0],
  ["does not have it", { kind: "later", reason: "not there" }, "sent", 1],
])(
  "a message that a killed worker had let out is asked for where that is possible: the other side %s",
  async (_answer, answer, state, sends) => {
    const id = await letOut(channelOf(dies));
    await longAgo(id);
    const another = channelOf(
      async () => ({ kind: "sent" }),
      async () => answer,
    );
    await another.deliver(id);
    await pool.query(
      "update campaigns.message set due_at = clock_timestamp() where due_at > now()",
    );
    await work(another);
    expect((await messages())[0]!.state).toBe(state);
    expect(another.effects).toHaveLength(sends);
  },
);

test("a message that fails too often is a dead letter, and may be given to the queue again by hand", async () => {
  await runCampaign(pool, { name: "greeting", spec: hookCampaign() });
  await signUp(["a"]);
  remote.answer = () => ({ status: 503 });
  await advanceJourneys(pool);
  const [id] = await dispatched();
  await pool.query("update campaigns.message set tries = 28");
  expect(await hooks().deliver(id!)).toEqual({ kind: "ok" });
  expect(await hooks().deliver(id!)).toEqual({
    kind: "deadLetter",
    reason: "the webhook answered 503",
  });
  expect((await messages())[0]!.state).toBe("unknown");
  await advanceJourneys(pool);
  expect(await ended()).toEqual({ "came to the end": 1 });
  remote.answer = () => ({ status: 200 });
  expect(await hooks().deliver(id!)).toEqual({ kind: "ok" });
  expect((await messages())[0]!.state).toBe("sent");
});

test("what became of a message is written down though the database is away for a moment", async () => {
  await runCampaign(pool, { name: "greeting", spec: hookCampaign() });
  await signUp(["a"]);
  const one = channelOf(async () => {
    await database.admin.query(
      "select pg_terminate_backend(pid) from pg_stat_activity where usename = 'worker'",
    );
    return { kind: "sent", reference: "r" };
  });
  await advanceJourneys(pool);
  for (const id of await dispatched()) await one.deliver(id);
  expect(await messages()).toEqual([{ person: "user:a", state: "sent", reason: "" }]);
});

const greet = [{ name: "greet", send: { channel: "hook", content: "welcome" } }];
const twoSteps: Partial<CampaignSpec> = {
  journey: {
    startsWith: "Signed Up",
    steps: [
      ...greet,
      { name: "remind", send: { channel: "hook", content: "welcome" } },
      { name: "over", end: "reminded" },
    ],
  },
};

/** Minutes at which events happen that let somebody in: after the campaign's window has opened. */
const FRESH = 600_000;

function hookCampaign(changes: Partial<CampaignSpec> = {}): CampaignSpec {
  return letterCampaign({
    channels: { hook: { kind: "webhook", secret: "hook" } },
    journey: { startsWith: "Signed Up", steps: greet },
    ...changes,
  });
}

async function store(events: readonly Sent[]): Promise<void> {
  await storeEvents(database.admin, events);
  await waitFor("the events in the profiles", 20, async () => {
    const { events: taken } = await followLog(pool, (people, transaction) =>
      enterPeople(transaction, people),
    );
    return taken >= events.length ? true : undefined;
  });
}

async function signUp(people: readonly string[]): Promise<void> {
  await store(
    people.map((userId) => sent({ name: "Signed Up", userId, consent: ["email"], minute: FRESH })),
  );
}

function hooks(): Courier {
  const connectors = openConnectors(
    { hook: { kind: "webhook", url: remote.url, signingSecret: SECRET } },
    async () => undefined,
  );
  return courier(pool, ways(connectors, {}));
}

/** A courier by a channel that knows no key. */
function channelOf(
  send: (effect: Effect) => Promise<Outcome>,
  ask?: () => Promise<Outcome>,
): Courier & { effects: Effect[] } {
  const effects: Effect[] = [];
  const channel: Channel = {
    isKeyed: false,
    send: (effect) => {
      effects.push(effect);
      return send(effect);
    },
    ...(ask && { ask }),
  };
  return { ...courier(pool, ways(new Map([["hook", channel]]), {})), effects };
}

/** Messages that are given to the queue now. */
async function dispatched(): Promise<string[]> {
  const given: string[] = [];
  await dispatchMessages(pool, async (jobs) => {
    given.push(...jobs.map(({ message }) => message));
  });
  return given.sort();
}

/** Does everything that is due now, until there is nothing more, messages shared out over couriers. */
async function work(...couriers: Courier[]): Promise<void> {
  for (let idle = 0; idle < 2;) {
    await advanceJourneys(pool);
    const given = await dispatched();
    idle = given.length === 0 ? idle + 1 : 0;
    // As after a take-over, each job runs in two workers at the same time.
    await Promise.all(
      given.flatMap((id, i) =>
        [i, i + 1].map((nth) => couriers[nth % couriers.length]!.deliver(id)),
      ),
    );
  }
}

/** A message as a worker leaves it that is killed after the other side has it. */
async function letOut(by: Courier): Promise<string> {
  await runCampaign(pool, { name: "greeting", spec: hookCampaign() });
  await signUp(["a"]);
  await advanceJourneys(pool);
  const [id] = await dispatched();
  await by.deliver(id!);
  await pool.query(
    "update campaigns.message set state = 'leaving', settled_at = null, left_at = clock_timestamp(), due_at = null",
  );
  await pool.query("update campaigns.enrolment set due_at = null");
  return id!;
}

const dies = async (): Promise<Outcome> => ({ kind: "unknown", reason: "killed" });

async function longAgo(id: string): Promise<void> {
  await pool.query(
    "update campaigns.message set left_at = clock_timestamp() - interval '10 minutes' where id = $1",
    [id],
  );
}

async function spent(): Promise<number> {
  const { rows } = await pool.query<{ amount: number }>(
    "select sum(amount)::float8 as amount from campaigns.spent",
  );
  return rows[0]!.amount;
}

function receivers(): string[] {
  return remote.taken
    .map(({ body }) => (JSON.parse(body) as { data: { person: { id: string } } }).data.person.id)
    .sort();
}

async function messages(): Promise<{ person: string; state: string; reason: string }[]> {
  const { rows } = await pool.query<{ person: string; state: string; reason: string }>(
    'select person, state, reason from campaigns.message order by person collate "C", queued_at',
  );
  return rows;
}

async function ended(): Promise<Record<string, number>> {
  const { rows } = await pool.query<{ reason: string; people: number }>(
    "select reason, count(*)::int as people from campaigns.enrolment where ended_at is not null group by 1",
  );
  return Object.fromEntries(rows.map(({ reason, people }) => [reason, people]));
}
