import pg from "pg";
import { drainOnce } from "../../../../services/collector/drain.ts";
import {
  BAD_ROW_TABLE,
  EVENT_TABLE,
  PostgresSink,
  REFUSAL_TABLE,
} from "../../../../services/collector/postgres-sink.ts";
import { accept } from "../../../../services/worker/campaigns/accept.ts";
import { advanceJourneys } from "../../../../services/worker/journeys/advance.ts";
import type { Channel } from "../../../../services/worker/journeys/channel.ts";
import { courier } from "../../../../services/worker/journeys/deliver.ts";
import { dispatchMessages } from "../../../../services/worker/journeys/dispatch.ts";
import { enterPeople } from "../../../../services/worker/journeys/enter.ts";
import { sweepPeople } from "../../../../services/worker/journeys/sweep.ts";
import { takeFeedback } from "../../../../services/worker/mail/feedback.ts";
import { followLog, forgetProfiles } from "../../../../services/worker/profiles/follow.ts";
import { inTransaction } from "../../../../services/worker/transaction.ts";
import { openApp } from "../../collector/open-app.ts";
import { letterCampaign, runCampaign } from "../campaigns/a-campaign.ts";
import { at, sent, storeEvents } from "../event-log.ts";
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

test("who logs in on the way has done since they came in what they did since, not what they had done by the other id", async () => {
  const steps = [
    { name: "taste", wait: { hours: 1 } },
    {
      name: "ordered-yet",
      branch: { if: [{ event: "Order Completed", atLeast: 1 }], then: "customer" },
    },
    { name: "remind", send: { channel: "hook", content: "welcome" } },
    { name: "customer", end: "ordered" },
  ];
  const journey = { startsWith: "Signed Up", steps };
  await runCampaign(database.pool, { name: "greeting", spec: hookCampaign({ journey }) });
  const minute = Math.floor((Date.now() - Date.parse(at(0))) / 60_000);
  const order = { name: "Order Completed" };
  await store([
    ...["ana", "bo"].map((userId) => sent({ ...order, userId, minute: 1 })),
    ...["ana", "bo"].map((userId) => sent({ ...order, userId, minute: minute - 1 })),
    ...["a", "b", "c"].map((anonymousId) =>
      sent({ name: "Signed Up", anonymousId, minute: minute - 1 }),
    ),
  ]);
  await store([
    sent({ type: "identify", anonymousId: "a", userId: "ana", minute: minute + 2 }),
    sent({ type: "identify", anonymousId: "b", userId: "bo", minute: minute + 2 }),
    sent({ ...order, userId: "bo", minute: minute + 3 }),
    sent({ ...order, anonymousId: "c", minute: minute + 3 }),
  ]);
  await advanceJourneys(database.pool);
  await database.pool.query(
    "update campaigns.enrolment set since = since - interval '2 hours', due_at = clock_timestamp()",
  );
  await advanceJourneys(database.pool);
  expect(await ended()).toEqual({ ordered: 2 });
  expect((await messages()).map(({ person }) => person)).toEqual(["anonymous:a"]);
});

test("consent that is withdrawn while a message is queued keeps it back for good, with a row in the ledger", async () => {
  await runCampaign(database.pool, { name: "greeting", spec: hookCampaign() });
  await signUp(["ana", "bo"]);
  await advanceJourneys(database.pool);
  await store([
    sent({ type: "identify", userId: "bo", consent: ["analytics"], minute: FRESH + 1 }),
  ]);
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

/** Sends an event to a collector, which stores what it keeps of it. */
async function collect(event: object, purposes: readonly string[]): Promise<void> {
  const { post, spool } = await openApp();
  const collector = new pg.Pool({
    connectionString: database.url.replace("//worker@", "//collector@"),
  });
  const names = ["analytics", "personalization", "advertising", "email"];
  const categoryPreferences = Object.fromEntries(
    names.map((name) => [name, purposes.includes(name)]),
  );
  const context = { consent: { categoryPreferences } };
  await post("/v1/identify", { messageId: JSON.stringify(event), context, ...event });
  await drainOnce({
    spool,
    good: new PostgresSink(collector, EVENT_TABLE),
    bad: new PostgresSink(collector, BAD_ROW_TABLE),
    refusals: new PostgresSink(collector, REFUSAL_TABLE),
    onTrouble: (message, cause) => {
      throw new Error(message, { cause });
    },
  });
  await spool.close();
  await collector.end();
}

/** The present minute, as events have it. */
const present = (): number => (Date.now() - Date.parse(at(0))) / 60_000;

/** Lets `bo`, who grants everything now and is known by a device too, come in. */
async function greetBo(): Promise<void> {
  await runCampaign(database.pool, { name: "greeting", spec: hookCampaign() });
  const minute = present();
  const consent = ["analytics", "email"];
  await store([
    sent({ type: "identify", userId: "bo", anonymousId: "phone", consent, minute }),
    sent({ name: "Signed Up", userId: "bo", consent, minute }),
  ]);
  await advanceJourneys(database.pool);
}

test.each<[string, object, readonly string[], boolean]>([
  ["refuses everything", { userId: "bo" }, [], false],
  ["refuses everything on a device that is theirs", { anonymousId: "phone" }, [], false],
  ["refuses analytics alone", { userId: "bo" }, ["email"], true],
  ["is somebody else", { userId: "bob" }, [], true],
  ["refused before they granted", { userId: "bo", timestamp: at(1) }, [], true],
  [
    "refuses by a clock that is ahead",
    { userId: "bo", timestamp: "2126-01-31T00:00:00.000Z" },
    [],
    false,
  ],
])("who %s is sent what they still granted then", async (_who, event, purposes, isSent) => {
  await greetBo();
  await collect(event, purposes);
  await work(hooks());
  expect(receivers()).toEqual(isSent ? ["user:bo"] : []);
  // Nothing but the digest leads to them.
  const { rows } = await database.admin.query(
    "select user_id, anonymous_id, consent from events.event where dialect is null and name is null",
  );
  expect(rows).toEqual(
    expect.arrayContaining([{ user_id: null, anonymous_id: null, consent: [] }]),
  );
});

test("who refused everything and grants it again is sent messages again, also once profiles are made anew", async () => {
  await greetBo();
  await collect({ userId: "bo" }, []);
  await inTransaction(database.pool, forgetProfiles);
  await store([
    sent({ type: "identify", userId: "bo", consent: ["analytics", "email"], minute: present() }),
  ]);
  await work(hooks());
  expect(receivers()).toEqual(["user:bo"]);
});

test("consent that was granted by a clock that was ahead can be withdrawn", async () => {
  await runCampaign(database.pool, { name: "greeting", spec: hookCampaign() });
  await store([
    sent({
      name: "Signed Up",
      userId: "bo",
      consent: ["analytics", "email"],
      minute: FRESH * 5,
      receivedMinute: FRESH,
    }),
    sent({ type: "identify", userId: "bo", consent: ["analytics"], minute: FRESH + 1 }),
  ]);
  await work(hooks());
  expect(await messages()).toEqual([{ person: "user:bo", state: "withheld", reason: "consent" }]);
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

test.each(["bounced", "complained"])(
  "who is on the list %s is sent no letter, also by a campaign that does not name it, but anything else",
  async (list) => {
    const channels = { ...hookCampaign().channels, ...letterCampaign().channels };
    const steps = [
      ...letterCampaign().journey.steps.map((step) => ({ ...step, name: "write" })),
      ...hookCampaign().journey.steps,
    ];
    const journey = { startsWith: "Signed Up", steps };
    await runCampaign(database.pool, {
      name: "greeting",
      spec: hookCampaign({ channels, journey }),
    });
    await database.pool.query(
      "insert into campaigns.suppression (list, who, reason) values ($1, 'user:bo', 'test')",
      [list],
    );
    await signUp(["bo"]);
    const told: string[] = [];
    const channel: Channel = {
      isKeyed: true,
      send: async ({ step }) => {
        told.push(step);
        return { kind: "sent" };
      },
    };
    await work(courier(database.pool, () => channel));
    expect(told).toEqual(["greet"]);
    expect((await messages()).map(({ state }) => state).sort()).toEqual(["sent", "withheld"]);
  },
);

test("who is on a list is sent nothing either when they come again after they were erased", async () => {
  await runCampaign(database.pool, {
    name: "greeting",
    spec: hookCampaign({ suppressionLists: ["bounced"] }),
  });
  await database.pool.query(
    "insert into campaigns.suppression (list, who, reason) values ('bounced', 'user:bo', 'test'), ('bounced', 'user:ana', 'test')",
  );
  await database.admin.query("select events.erase(array['user:bo'], '{}')");
  await signUp(["bo", "eva"]);
  await work(hooks());
  expect(await messages()).toEqual([
    { person: "user:bo", state: "withheld", reason: "suppression list" },
    { person: "user:eva", state: "sent", reason: "" },
  ]);
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
