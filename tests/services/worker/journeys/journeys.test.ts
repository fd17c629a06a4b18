import type pg from "pg";
import { accept } from "../../../../services/worker/campaigns/accept.ts";
import { advanceJourneys } from "../../../../services/worker/journeys/advance.ts";
import { dispatchMessages } from "../../../../services/worker/journeys/dispatch.ts";
import { enterPeople } from "../../../../services/worker/journeys/enter.ts";
import { sweepPeople } from "../../../../services/worker/journeys/sweep.ts";
import { takeFeedback } from "../../../../services/worker/mail/feedback.ts";
import { followLog, forgetProfiles } from "../../../../services/worker/profiles/follow.ts";
import { inTransaction } from "../../../../services/worker/transaction.ts";
import { runCampaign } from "../campaigns/a-campaign.ts";
import { sent, storeEvents } from "../event-log.ts";
import { FRESH, greet, holdJourneys, hookCampaign, twoSteps } from "./held-journeys.ts";

const held = holdJourneys();
const { database, store, signUp, hooks, dispatched, work, receivers, messages, ended, spent } =
  held;

test("a journey of two steps sends each person each message once, by as many workers as there are", async () => {
  await runCampaign(database.pool, { name: "greeting", spec: hookCampaign(twoSteps) });
  const people = Array.from({ length: 40 }, (_, i) => `u${i}`);
  await signUp(people);
  const couriers = [hooks(), hooks(), hooks()];
  for (let round = 0; round < 3; round += 1) await work(...couriers);
  const got = held.remote.taken.map(({ body }) => {
    const { data } = JSON.parse(body) as { data: { step: string; person: { id: string } } };
    return `${data.person.id} ${data.step}`;
  });
  expect(got.sort()).toEqual(
    people.flatMap((one) => [`user:${one} greet`, `user:${one} remind`]).sort(),
  );
  expect(await ended()).toEqual({ reminded: 40 });
  const { rows } = await database.pool.query(
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
  await runCampaign(database.pool, { name: "all", spec });
  const inside = async (): Promise<number> => {
    while (await sweepPeople(database.pool));
    return (await database.pool.query("select from campaigns.enrolment")).rowCount!;
  };
  const half = await inside();
  expect(half).toBeGreaterThan(300);
  expect(half).toBeLessThan(400);
  await database.pool.query("update campaigns.campaign set rollout_percent = 100");
  expect(await inside()).toBe(700);
});

test("who turns out to be one person of two ids is sent each message once", async () => {
  await runCampaign(database.pool, { name: "greeting", spec: hookCampaign() });
  await store([
    sent({ name: "Signed Up", anonymousId: "a", consent: ["email"], minute: FRESH }),
    sent({ name: "Signed Up", userId: "u", consent: ["email"], minute: FRESH }),
  ]);
  await store([sent({ type: "identify", anonymousId: "a", userId: "u", consent: ["email"] })]);
  await work(hooks());
  expect(held.remote.taken).toHaveLength(1);
  expect(await ended()).toEqual({
    "came to the end": 1,
    "the same person came in by another id": 1,
  });
});

test("consent that is withdrawn while a message is queued keeps it back for good, with a row in the ledger", async () => {
  await runCampaign(database.pool, { name: "greeting", spec: hookCampaign() });
  await signUp(["ana", "bo"]);
  await advanceJourneys(database.pool);
  await store([sent({ type: "identify", userId: "bo", consent: [], minute: FRESH + 1 })]);
  await work(hooks());
  expect(receivers()).toEqual(["user:ana"]);
  expect(await messages()).toEqual([
    { person: "user:ana", state: "sent", reason: "" },
    { person: "user:bo", state: "withheld", reason: "consent" },
  ]);
  const { rows } = await database.pool.query(
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
  await runCampaign(database.pool, {
    name: "greeting",
    spec: hookCampaign({ suppressionLists: ["bounced"] }),
  });
  await database.pool.query(
    "insert into campaigns.suppression (list, who, reason) values ($1, 'user:bo', 'test')",
    [list],
  );
  await signUp(["bo"]);
  await work(hooks());
  expect(await messages()).toEqual([{ person: "user:bo", state: "withheld", reason }]);
  expect(held.remote.taken).toEqual([]);
});

test("caps on budget and on messages hold, however many workers send at the same time", async () => {
  const costly = { hook: { kind: "webhook", secret: "hook", costPerThousand: 500 } } as const;
  await runCampaign(database.pool, {
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
  expect(held.remote.taken).toHaveLength(3);
  const reasons = (await messages()).map(({ state, reason }) => `${state} ${reason}`).sort();
  expect(reasons).toEqual([
    ...Array(3).fill("queued daily budget"),
    ...Array(3).fill("queued frequency cap"),
    ...Array(3).fill("sent "),
  ]);
  expect(await spent()).toBe(1.5);
});

test.each([
  ["the kill switch", "update campaigns.outbound set stopped = true"],
  ["a pause", "update campaigns.campaign set hold = 'paused'"],
])("%s holds back what is queued, counts it, and lets it go on", async (_what, holding) => {
  await runCampaign(database.pool, { name: "greeting", spec: hookCampaign() });
  await signUp(["a", "b"]);
  await advanceJourneys(database.pool);
  const jobs = await dispatched();
  expect(jobs).toHaveLength(2);
  await database.pool.query(holding);
  // One is in the queue already, and the other is to be given to it.
  await hooks().deliver(jobs[0]!);
  await database.pool.query(
    "update campaigns.message set due_at = clock_timestamp() where id = $1",
    [jobs[1]],
  );
  expect(await dispatched()).toEqual([]);
  expect(held.remote.taken).toEqual([]);
  expect((await database.pool.query("select from campaigns.held")).rowCount).toBe(2);
  await database.pool.query("update campaigns.outbound set stopped = false");
  await database.pool.query("update campaigns.campaign set hold = null");
  await work(hooks());
  expect(receivers()).toEqual(["user:a", "user:b"]);
  expect((await database.pool.query("select from campaigns.held")).rowCount).toBe(0);
});

test("of many that are held back each is noted once, others go before them, and they go on in their order", async () => {
  for (const name of ["greeting", "other"]) {
    await runCampaign(database.pool, { name, spec: hookCampaign() });
  }
  const wait = (campaign: string, count: number) =>
    database.pool.query(
      `insert into campaigns.message (id, uid, campaign, person, variant, step, channel, kind, content, due_at)
       select gen_random_uuid(), 'uid-of-' || $1::text, $1, 'user:' || n, 'letter', 'greet', 'hook', 'webhook', 'welcome',
         clock_timestamp() - make_interval(secs => 10000 - n)
       from generate_series(1, $2::int) as n`,
      [campaign, count],
    );
  await wait("greeting", 5001);
  await wait("other", 1);
  await database.pool.query(
    "update campaigns.campaign set hold = 'paused' where name = 'greeting'",
  );
  const given: string[] = [];
  const dispatch = () =>
    dispatchMessages(database.pool, async (jobs, transaction) => {
      const { rows } = await transaction.query<{ one: string }>(
        "select campaign || ' ' || person as one from campaigns.message where id = any($1)",
        [jobs.map(({ message }) => message)],
      );
      given.push(...rows.map(({ one }) => one));
    });
  expect([await dispatch(), await dispatch(), await dispatch()]).toEqual([true, false, false]);
  expect(given).toEqual(["other user:1"]);
  expect((await database.pool.query("select from campaigns.held")).rowCount).toBe(5001);
  await database.pool.query(
    "delete from campaigns.held where effect = (select min(effect) from campaigns.held)",
  );
  await dispatch();
  expect((await database.pool.query("select from campaigns.held")).rowCount).toBe(5000);

  given.length = 0;
  await database.pool.query("update campaigns.campaign set hold = null");
  await dispatch();
  expect(given.sort()).toEqual(
    Array.from({ length: 499 }, (_, i) => `greeting user:${i + 1}`).sort(),
  );
  expect((await database.pool.query("select from campaigns.held")).rowCount).toBeLessThan(4503);
});

test("while profiles are made anew nobody comes in, nobody goes on, and nothing leaves", async () => {
  await runCampaign(database.pool, { name: "greeting", spec: hookCampaign(twoSteps) });
  await signUp(["a"]);
  await advanceJourneys(database.pool);
  const [id] = await dispatched();
  await database.admin.query("update events.event set stored_at = stored_at - interval '1 hour'");
  await inTransaction(database.pool, forgetProfiles);
  await hooks().deliver(id!);
  expect(await messages()).toEqual([
    {
      person: "user:a",
      state: "queued",
      reason: "what is known of people is behind the event log",
    },
  ]);
  await sweepPeople(database.pool);
  await work(hooks());
  expect(held.remote.taken).toEqual([]);
  await store([sent({ name: "Signed Up", userId: "b", consent: ["email"], minute: FRESH })]);
  await work(hooks());
  expect(receivers()).toEqual(["user:a", "user:a", "user:b", "user:b"]);
  expect(await ended()).toEqual({ reminded: 2 });
});

test("while nobody takes what came back of mails, nothing leaves", async () => {
  await runCampaign(database.pool, { name: "greeting", spec: hookCampaign() });
  await signUp(["a", "b"]);
  await advanceJourneys(database.pool);
  const [id] = await dispatched();
  await database.admin.query(
    `insert into events.event (source, id, type, name, occurred_at, received_at, stored_at, context, properties, consent)
     values ('mail', $1, 'track', 'x', now(), now(), now() - interval '1 hour', '{}', '{}', '{}')`,
    [`${id}:unsubscribed`],
  );
  await followLog(database.pool);
  await hooks().deliver(id!);
  expect(await dispatched()).toEqual([]);
  const { rows } = await database.pool.query(
    "select state, reason from campaigns.message where id = $1",
    [id],
  );
  expect(rows).toEqual([{ state: "queued", reason: "what came back of mails is not taken yet" }]);
  await takeFeedback(database.pool);
  expect(await dispatched()).toEqual([id]);
  await hooks().deliver(id!);
  expect((await messages()).filter(({ state }) => state === "withheld")).toHaveLength(1);
  expect(held.remote.taken).toEqual([]);
});

test("who does something while the profiles are behind comes in once they are not", async () => {
  await runCampaign(database.pool, { name: "greeting", spec: hookCampaign() });
  await sweepPeople(database.pool);
  await storeEvents(
    database.admin,
    ["a", "b"].map((userId) =>
      sent({ name: "Signed Up", userId, consent: ["email"], minute: FRESH }),
    ),
  );
  const { rows } = await database.pool.query<{ progress: string }>(
    "select stored_by as progress from profiles.progress",
  );
  await inTransaction(database.pool, async (transaction) => {
    // As if another portion of the log, an old one, was still to be taken.
    await database.admin.query("update events.event set stored_at = stored_at - interval '1 hour'");
    await transaction.query("update profiles.progress set stored_by = 0");
    await enterPeople(transaction, ["user:a", "user:b"]);
    await transaction.query("update profiles.progress set stored_by = $1", [rows[0]!.progress]);
  });
  await followLog(database.pool);
  await sweepPeople(database.pool);
  await work(hooks());
  expect(receivers()).toEqual(["user:a", "user:b"]);
});

test("a campaign that is stopped withholds what is queued, and people come to the end", async () => {
  await runCampaign(database.pool, { name: "greeting", spec: hookCampaign() });
  await signUp(["a"]);
  await advanceJourneys(database.pool);
  await database.pool.query("update campaigns.campaign set hold = 'stopped'");
  await work(hooks());
  expect(await messages()).toEqual([
    { person: "user:a", state: "withheld", reason: "the campaign is stopped" },
  ]);
  expect(await ended()).toEqual({ "the campaign is over": 1 });
});

test("who comes into a campaign that is accepted while others' people are ended goes on", async () => {
  await runCampaign(database.pool, { name: "former", spec: hookCampaign() });
  await signUp(["a"]);
  await database.pool.query("update campaigns.campaign set removed_at = clock_timestamp()");
  const client = await database.pool.connect();
  const query = client.query.bind(client) as (...args: unknown[]) => Promise<unknown>;
  const accepting = Object.assign(Object.create(client) as typeof client, {
    async query(...args: unknown[]) {
      if (String(args[0]).includes("'the campaign is over'")) {
        await runCampaign(database.pool, { name: "greeting", spec: hookCampaign() });
        await signUp(["b"]);
      }
      return query(...args);
    },
  });
  await advanceJourneys({
    connect: (given: (error: undefined, client: pg.PoolClient) => void) =>
      given(undefined, accepting),
  } as unknown as pg.Pool);
  expect(await ended()).toEqual({ "the campaign is over": 1 });
  await work(hooks());
  expect(receivers()).toEqual(["user:b"]);
});

test("another campaign of the same name does not send what the former one queued", async () => {
  await runCampaign(database.pool, { name: "greeting", spec: hookCampaign() });
  await signUp(["a"]);
  await advanceJourneys(database.pool);
  await accept(database.pool, {
    name: "greeting",
    uid: "another",
    generation: 1,
    spec: hookCampaign(),
  });
  await work(hooks());
  expect(await messages()).toEqual([
    { person: "user:a", state: "withheld", reason: "the campaign is gone" },
  ]);
});
