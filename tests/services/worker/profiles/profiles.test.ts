import { readFileSync } from "node:fs";
import fc from "fast-check";
import { pino } from "pino";
import { waitFor } from "../../../../local/wait.ts";
import type { Profile } from "../../../../services/contract/profile.ts";
import { followLog, forgetProfiles } from "../../../../services/worker/profiles/follow.ts";
import { keepProfiles } from "../../../../services/worker/profiles/keep.ts";
import { readProfiles } from "../../../../services/worker/profiles/read.ts";
import { inTransaction, type Transaction } from "../../../../services/worker/transaction.ts";
import { at, sent, storeEvents, type Sent } from "../event-log.ts";
import { workerDatabase } from "../worker-database.ts";

const database = workerDatabase();
beforeEach(async () => {
  await database.admin.query("truncate events.event");
  await inTransaction(database.pool, forgetProfiles);
});

/** Stores events as the collector does: those of one call in one transaction. */
const store = (events: readonly Sent[], client: Transaction = database.admin): Promise<void> =>
  storeEvents(client, events);

/** Follows the log to its end; returns who was told to have changed. */
async function follow(): Promise<string[]> {
  const people: string[] = [];
  const note = async (changed: readonly string[]): Promise<void> => void people.push(...changed);
  while ((await followLog(database.pool, note)).behind);
  return people;
}

/** Everybody's profile. */
async function everybody(): Promise<Profile[]> {
  const { rows } = await database.pool.query<{ person: string }>(
    "select distinct person from profiles.activity",
  );
  const people = await database.pool.query<{ person: string }>(
    "select distinct profiles.resolve(one) as person from unnest($1::text[]) as one",
    [rows.map(({ person }) => person)],
  );
  return inTransaction(database.pool, (transaction) =>
    readProfiles(
      transaction,
      people.rows.map(({ person }) => person),
    ),
  );
}

test("a visitor who logs in is one person with all that was done before", async () => {
  await store([
    sent({ name: "Viewed", anonymousId: "a1", minute: 0 }),
    sent({ name: "Viewed", anonymousId: "a1", minute: 1500 }),
    sent({
      type: "identify",
      anonymousId: "a1",
      userId: "u1",
      minute: 1501,
      properties: { plan: "free", city: "Graz" },
      consent: ["analytics", "email"],
    }),
    sent({ type: "identify", userId: "u1", minute: 1502, properties: { plan: "pro", city: null } }),
  ]);
  expect(await follow()).toEqual(["anonymous:a1", "user:u1"]);
  expect(await everybody()).toEqual([
    {
      person: "user:u1",
      ids: ["anonymous:a1", "user:u1"],
      traits: { plan: "pro" },
      activity: {
        Viewed: {
          count: 2,
          firstAt: at(0),
          lastAt: at(1500),
          days: { "2026-01-31": 1, "2026-02-01": 1 },
        },
        identify: { count: 2, firstAt: at(1501), lastAt: at(1502), days: { "2026-02-01": 2 } },
      },
      consent: ["analytics"],
    },
  ]);
});

test("what a device says by a clock that is ahead happened when it came: traits, consent and logins after that count", async () => {
  const ahead = { type: "identify", minute: 9_000_000 };
  const device = { ...ahead, anonymousId: "a1" };
  await store([
    sent({ ...device, userId: "u1", receivedMinute: 20, properties: { plan: "free" } }),
    sent({ ...device, userId: "u2", receivedMinute: 10, minute: 8_000_000 }),
    sent({ type: "identify", userId: "u1", minute: 30, consent: [], properties: { plan: "pro" } }),
  ]);
  await follow();
  const known = (await everybody()).map(({ activity: _, ...profile }) => profile);
  expect(known).toEqual([
    { person: "user:u1", ids: ["user:u1"], traits: { plan: "pro" }, consent: [] },
    {
      person: "user:u2",
      ids: ["anonymous:a1", "user:u2"],
      traits: {},
      consent: ["analytics"],
    },
  ]);
});

test("what was believed of a clock that was ahead before can be taken back after the migration", async () => {
  await store([
    sent({ type: "identify", userId: "u1", consent: ["email"], properties: { plan: "free" } }),
  ]);
  await follow();
  await database.admin.query("update profiles.consent set at = '2099-01-01'");
  await database.admin.query("update profiles.trait set at = '2099-01-01'");
  await database.admin.query(readFileSync("services/worker/migrations/0026-consent.sql", "utf8"));
  const minute = (Date.now() - Date.parse(at(0))) / 60_000 + 1;
  await store([
    sent({ type: "identify", userId: "u1", consent: [], minute, properties: { plan: "pro" } }),
  ]);
  await follow();
  expect(await everybody()).toMatchObject([{ consent: [], traits: { plan: "pro" } }]);
});

test("two people at one device stay two, and its visits are the first one's", async () => {
  await store([
    sent({ name: "Viewed", anonymousId: "a1" }),
    sent({ type: "identify", anonymousId: "a1", userId: "u1" }),
    sent({ type: "identify", anonymousId: "a1", userId: "u2" }),
  ]);
  await follow();
  expect((await everybody()).map(({ person, ids }) => [person, ids])).toEqual([
    ["user:u1", ["anonymous:a1", "user:u1"]],
    ["user:u2", ["user:u2"]],
  ]);
});

test("an alias joins what was two, and a ring of aliases is one person", async () => {
  await store([
    sent({ name: "Viewed", userId: "old" }),
    sent({ type: "alias", userId: "new", properties: { previousId: "old" } }),
    sent({ type: "alias", userId: "old", properties: { previousId: "new" } }),
  ]);
  await follow();
  expect((await everybody()).map(({ ids }) => ids)).toEqual([
    ["anonymous:new", "anonymous:old", "user:new", "user:old"],
  ]);
});

test("an event that commits late is not missed, and none is counted twice", async () => {
  const late = await database.admin.connect();
  await late.query("begin");
  await store([sent({ name: "Viewed", userId: "late" })], late);
  await store([sent({ name: "Viewed", userId: "early" })]);
  await follow();
  await late.query("commit");
  late.release();
  await follow();
  await follow();
  expect(
    (await everybody()).map(({ person, activity }) => [person, activity.Viewed?.count]),
  ).toEqual([
    ["user:early", 1],
    ["user:late", 1],
  ]);
});

test("of several workers one follows, and a step that fails has done nothing", async () => {
  await store([sent({ name: "Viewed", userId: "u1" })]);
  const broken = followLog(database.pool, async () => {
    throw new Error("broken");
  });
  await expect(broken).rejects.toThrow("broken");
  await Promise.all([follow(), follow(), follow()]);
  expect((await everybody())[0]!.activity.Viewed!.count).toBe(1);
});

test("people of whom nothing is known have no profile", async () => {
  expect(
    await inTransaction(database.pool, (transaction) => readProfiles(transaction, ["user:x"])),
  ).toEqual([]);
});

test("profiles are kept up to date, and again after an outage of the database", async () => {
  const lines: string[] = [];
  const log = pino({ base: null, timestamp: false }, { write: (line) => void lines.push(line) });
  const kept = keepProfiles(database.pool, log);
  const known = async (person: string): Promise<true | undefined> =>
    (await everybody()).some((profile) => profile.person === person) || undefined;
  await store([sent({ name: "Viewed", userId: "u1" })]);
  await waitFor("u1", 10, () => known("user:u1"));
  await database.admin.query("revoke usage on schema events from worker");
  await waitFor("the failure", 10, async () => lines.length > 0 || undefined);
  await database.admin.query("grant usage on schema events to worker");
  await store([sent({ name: "Viewed", userId: "u2" })]);
  await waitFor("u2", 10, () => known("user:u2"));
  await kept.stop();
  expect(lines.map((line) => (JSON.parse(line) as { msg: string }).msg)).toEqual([
    "failed: profiles follow the event log",
    "profiles follow the event log, again",
  ]);
}, 60_000);

test("profiles are the same in whatever order and portions events arrive, and made anew from the log", async () => {
  const person = fc.constantFrom("a", "b", "c", null);
  const event = fc.record({
    type: fc.constantFrom("track", "identify", "alias", "page"),
    name: fc.constantFrom("Viewed", "Bought", null),
    anonymousId: person,
    userId: person,
    minute: fc.integer({ min: 0, max: 5 }),
    properties: fc.record(
      { previousId: fc.constantFrom("a", "b", "c"), plan: fc.constantFrom("free", "pro", null) },
      { requiredKeys: [] },
    ),
    consent: fc.constantFrom([], ["analytics"], ["analytics", "email"]),
  });
  const log = fc.array(event, { maxLength: 12 }).chain((events) => {
    const numbered = events.map((one, index) => ({ ...one, id: `e${index}` }));
    return fc.tuple(
      fc.constant(numbered),
      fc.shuffledSubarray(numbered, { minLength: numbered.length }),
      fc.integer({ min: 0, max: numbered.length }),
    );
  });
  await fc.assert(
    fc.asyncProperty(log, async ([inOrder, shuffled, cut]) => {
      await database.admin.query("truncate events.event");
      await inTransaction(database.pool, forgetProfiles);
      await store(inOrder);
      await follow();
      const expected = await everybody();

      await inTransaction(database.pool, forgetProfiles);
      await follow();
      expect(await everybody()).toEqual(expected);

      await database.admin.query("truncate events.event");
      await inTransaction(database.pool, forgetProfiles);
      await store(shuffled.slice(0, cut));
      await follow();
      await store(shuffled.slice(cut));
      await follow();
      expect(await everybody()).toEqual(expected);
    }),
    { numRuns: 60 },
  );
}, 60_000);
