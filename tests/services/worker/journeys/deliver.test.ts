import { advanceJourneys } from "../../../../services/worker/journeys/advance.ts";
import type { Outcome } from "../../../../services/worker/journeys/channel.ts";
import { courier, type Courier } from "../../../../services/worker/journeys/deliver.ts";
import { ways } from "../../../../services/worker/journeys/ways.ts";
import { runCampaign } from "../campaigns/a-campaign.ts";
import { holdJourneys, hookCampaign } from "./held-journeys.ts";

const held = holdJourneys();
const { database, signUp, hooks, channelOf, dispatched, work, messages, ended, spent } = held;

test("what did not leave costs nothing, and what may have left does", async () => {
  const channels = { hook: { kind: "webhook", secret: "hook", costPerThousand: 0.5 } } as const;
  await runCampaign(database.pool, { name: "greeting", spec: hookCampaign({ channels }) });
  await signUp(["a"]);
  held.remote.answer = () => ({ status: 503, headers: { "retry-after": "1" } });
  await advanceJourneys(database.pool);
  const [id] = await dispatched();
  await hooks().deliver(id!);
  expect(await spent()).toBe(0);
  held.remote.answer = () => ({ status: 503 });
  await hooks().deliver(id!);
  expect(await spent()).toBe(0.0005);
  // This try certainly did not happen, but the one before may have.
  held.remote.answer = () => ({ status: 429 });
  await hooks().deliver(id!);
  expect(await spent()).toBe(0.0005);
  expect((await messages())[0]!.state).toBe("unknown");
  held.remote.answer = () => ({ status: 410 });
  await hooks().deliver(id!);
  expect(await spent()).toBe(0);
  expect((await messages())[0]!.state).toBe("failed");
});

test("who may be reached by money that comes back waits for it, and no more people than it is enough for", async () => {
  const channels = { hook: { kind: "webhook", secret: "hook", costPerThousand: 500 } } as const;
  const budget = { currency: "EUR", daily: 9, total: 1 };
  await runCampaign(database.pool, { name: "greeting", spec: hookCampaign({ channels, budget }) });
  await signUp(["a", "b", "c", "d"]);
  await advanceJourneys(database.pool);
  const jobs = await dispatched();
  const outcomes: Outcome[] = [
    { kind: "sent" },
    { kind: "refused", reason: "no such contact" },
    { kind: "sent" },
  ];
  const way: Courier = channelOf(async () => {
    const outcome = outcomes.shift()!;
    if (outcomes.length === 2) await way.deliver(jobs[1]!);
    else if (outcomes.length === 1) for (const job of jobs.slice(2)) await way.deliver(job);
    return outcome;
  });
  await way.deliver(jobs[0]!);
  const told = async () =>
    (await messages()).map(({ state, reason }) => `${state} ${reason}`).sort();
  expect(await told()).toEqual([
    "failed no such contact",
    "queued total budget",
    "queued total budget",
    "sent ",
  ]);
  for (const job of jobs.slice(2)) await way.deliver(job);
  expect(await told()).toEqual([
    "failed no such contact",
    "sent ",
    "sent ",
    "withheld total budget",
  ]);
  expect(await spent()).toBe(1);
});

test("a signal aborts once what let a message out counts no longer, and what did not begin to leave does later", async () => {
  await runCampaign(database.pool, { name: "greeting", spec: hookCampaign() });
  await signUp(["a"]);
  const slow = channelOf(async ({ signal }) => {
    await database.pool.query("update campaigns.outbound set stopped = true");
    await new Promise((resolve) => signal.addEventListener("abort", resolve));
    return { kind: "later", reason: `aborted ${signal.aborted}` };
  });
  await work(slow);
  expect(await messages()).toEqual([{ person: "user:a", state: "queued", reason: "aborted true" }]);
});

test("a remote that limits its rate is left alone as long as it said, for all messages", async () => {
  await runCampaign(database.pool, { name: "greeting", spec: hookCampaign() });
  await signUp(["a", "b"]);
  held.remote.answer = () => ({ status: 429, headers: { "retry-after": "40" } });
  const one = hooks();
  await advanceJourneys(database.pool);
  for (const id of await dispatched()) await one.deliver(id);
  expect(held.remote.taken).toHaveLength(1);
  const { rows } = await database.pool.query<{ reason: string; tries: number; wait: number }>(
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

test("a remote that limits its rate is left alone as long as it said, for a message too that may have left", async () => {
  await runCampaign(database.pool, { name: "greeting", spec: hookCampaign() });
  await signUp(["a"]);
  const one = hooks();
  await advanceJourneys(database.pool);
  const [id] = await dispatched();
  held.remote.answer = () => ({ status: 500 });
  await one.deliver(id!);
  held.remote.answer = () => ({ status: 429, headers: { "retry-after": "600" } });
  await one.deliver(id!);
  expect(await waits()).toEqual([{ reason: "the webhook answered 429", minutes: 10 }]);
  await one.deliver(id!);
  expect(await waits()).toEqual([{ reason: "the other side asked to be left alone", minutes: 10 }]);
  expect(held.remote.taken).toHaveLength(2);
});

test("a remote that is asked too often is left alone as long as it said", async () => {
  const id = await letOut(channelOf(dies));
  await longAgo(id);
  const asked: Date[] = [];
  const another = channelOf(
    async () => ({ kind: "sent" }),
    async (_effect, since) => {
      asked.push(since);
      return { kind: "unknown", reason: "asked too often", retryAfterSeconds: 600 };
    },
  );
  await another.deliver(id);
  expect(await waits()).toEqual([{ reason: "asked too often", minutes: 10 }]);
  await another.deliver(id);
  expect(await waits()).toEqual([{ reason: "the other side asked to be left alone", minutes: 10 }]);
  const { rows } = await database.pool.query<{ leftAt: Date }>(
    'select left_at as "leftAt" from campaigns.message',
  );
  expect(asked).toEqual(rows.map(({ leftAt }) => leftAt));
});

test("a message without a way out waits for one as long as it may leave, and no longer", async () => {
  await runCampaign(database.pool, { name: "greeting", spec: hookCampaign() });
  await signUp(["a"]);
  await advanceJourneys(database.pool);
  const [id] = await dispatched();
  const none = courier(database.pool, ways(new Map(), {}));
  await none.deliver(id!);
  expect(await waits()).toEqual([{ reason: "there is no way out for webhook here", minutes: 1 }]);
  await database.pool.query("update campaigns.campaign set removed_at = clock_timestamp()");
  await none.deliver(id!);
  expect(await messages()).toEqual([
    { person: "user:a", state: "withheld", reason: "the campaign's file is gone" },
  ]);
  await advanceJourneys(database.pool);
  expect(await ended()).toEqual({ "the campaign is over": 1 });
});

test("a message that is being sent is not counted as held back, whatever is stopped meanwhile", async () => {
  await runCampaign(database.pool, { name: "greeting", spec: hookCampaign() });
  await signUp(["a"]);
  await advanceJourneys(database.pool);
  let counted: number | null = null;
  const slow = channelOf(async ({ signal }) => {
    await database.pool.query("update campaigns.campaign set hold = 'paused'");
    await new Promise((resolve) => signal.addEventListener("abort", resolve));
    counted = (await database.pool.query("select from campaigns.held")).rowCount;
    return { kind: "sent" };
  });
  for (const id of await dispatched()) await slow.deliver(id);
  expect(counted).toBe(0);
});

test("a message that a killed worker had let out is sent again by its key, where the other side knows it", async () => {
  const id = await letOut(hooks());
  await hooks().deliver(id);
  expect((await messages())[0]!.reason).toBe("another worker may be sending it");
  await longAgo(id);
  await hooks().deliver(id);
  expect(held.remote.taken.map(({ headers }) => headers["webhook-id"])).toEqual([id, id]);
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
  await advanceJourneys(database.pool);
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
    await database.pool.query(
      "update campaigns.message set due_at = clock_timestamp() where due_at > now()",
    );
    await work(another);
    expect((await messages())[0]!.state).toBe(state);
    expect(another.effects).toHaveLength(sends);
  },
);

test("a message that fails too often is a dead letter, and may be given to the queue again by hand", async () => {
  await runCampaign(database.pool, { name: "greeting", spec: hookCampaign() });
  await signUp(["a"]);
  held.remote.answer = () => ({ status: 503 });
  await advanceJourneys(database.pool);
  const [id] = await dispatched();
  await database.pool.query("update campaigns.message set tries = 28");
  expect(await hooks().deliver(id!)).toEqual({ kind: "ok" });
  expect(await hooks().deliver(id!)).toEqual({
    kind: "deadLetter",
    reason: "the webhook answered 503",
  });
  expect((await messages())[0]!.state).toBe("unknown");
  await advanceJourneys(database.pool);
  expect(await ended()).toEqual({ "came to the end": 1 });
  held.remote.answer = () => ({ status: 200 });
  expect(await hooks().deliver(id!)).toEqual({ kind: "ok" });
  expect((await messages())[0]!.state).toBe("sent");
});

test("what became of a message is written down though the database is away for a moment", async () => {
  await runCampaign(database.pool, { name: "greeting", spec: hookCampaign() });
  await signUp(["a"]);
  const one = channelOf(async () => {
    await database.admin.query(
      "select pg_terminate_backend(pid) from pg_stat_activity where usename = 'worker'",
    );
    return { kind: "sent", reference: "r" };
  });
  await advanceJourneys(database.pool);
  for (const id of await dispatched()) await one.deliver(id);
  expect(await messages()).toEqual([{ person: "user:a", state: "sent", reason: "" }]);
});

/** What the messages wait for, and how long from now on. */
async function waits(): Promise<object[]> {
  const { rows } = await database.pool.query<object>(
    `select reason, round(extract(epoch from due_at - clock_timestamp()) / 60)::int as minutes
     from campaigns.message where settled_at is null`,
  );
  return rows;
}

/** A message as a worker leaves it that is killed after the other side has it. */
async function letOut(by: Courier): Promise<string> {
  await runCampaign(database.pool, { name: "greeting", spec: hookCampaign() });
  await signUp(["a"]);
  await advanceJourneys(database.pool);
  const [id] = await dispatched();
  await by.deliver(id!);
  await database.pool.query(
    "update campaigns.message set state = 'leaving', settled_at = null, left_at = clock_timestamp(), due_at = null",
  );
  await database.pool.query("update campaigns.enrolment set due_at = null");
  return id!;
}

const dies = async (): Promise<Outcome> => ({ kind: "unknown", reason: "killed" });

async function longAgo(id: string): Promise<void> {
  await database.pool.query(
    "update campaigns.message set left_at = clock_timestamp() - interval '10 minutes' where id = $1",
    [id],
  );
}
