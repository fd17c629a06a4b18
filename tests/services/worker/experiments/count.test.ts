import fc from "fast-check";
import { countArms } from "../../../../services/worker/experiments/count.ts";
import { keepExposure } from "../../../../services/worker/experiments/exposures.ts";
import { followLog, forgetProfiles } from "../../../../services/worker/profiles/follow.ts";
import { inTransaction } from "../../../../services/worker/transaction.ts";
import { at, sent, storeEvents, type Sent } from "../event-log.ts";
import { workerDatabase } from "../worker-database.ts";

const VARIANTS = [
  { name: "discount", share: 0.5 },
  { name: "shipping", share: 0.5 },
];
const DAY = 1440;

const database = workerDatabase();
beforeEach(clear);

async function clear(): Promise<void> {
  await database.admin.query(
    "truncate events.event, campaigns.exposure, campaigns.message, campaigns.feedback",
  );
  await inTransaction(database.pool, forgetProfiles);
}

const follow = async (): Promise<void> => {
  while ((await followLog(database.pool)).behind);
};

/** `name exposed/converted` of each variant, for each event. */
async function count(
  changes: Partial<Parameters<typeof countArms>[1]> = {},
): Promise<Record<string, string[]>> {
  const arms = await countArms(database.pool, {
    campaign: "spring-sale",
    variants: VARIANTS,
    events: ["Order Completed"],
    withinDays: 2,
    from: new Date(at(0)),
    ...changes,
  });
  return Object.fromEntries(
    [...arms].map(([event, counted]) => [
      event,
      counted.map(({ variant, exposed, converted }) => `${variant} ${exposed}/${converted}`),
    ]),
  );
}

const exposed = (variant: string, event: Partial<Sent>): Sent =>
  sent({
    type: "exposure",
    name: "spring-sale",
    campaign: "spring-sale",
    properties: { experiment: "spring-sale", variant },
    ...event,
  });
const ordered = (event: Partial<Sent>): Sent => sent({ name: "Order Completed", ...event });

test("a person of many ids counts once, with the variant that came first, and orders by any of them", async () => {
  await storeEvents(database.admin, [
    exposed("shipping", { anonymousId: "a1", minute: 0 }),
    exposed("discount", { anonymousId: "a2", minute: 5 }),
    sent({ type: "identify", anonymousId: "a1", userId: "u1", minute: 10 }),
    sent({ type: "identify", anonymousId: "a2", userId: "u1", minute: 11 }),
    exposed("discount", { anonymousId: "a3", minute: 12 }),
    ordered({ userId: "u1", minute: 20 }),
  ]);
  await follow();
  expect(await count()).toEqual({ "Order Completed": ["discount 1/0", "shipping 1/1"] });
});

test("what comes back of a letter counts for who it was sent to, by any of their ids", async () => {
  await storeEvents(database.admin, [
    exposed("shipping", { anonymousId: "a1", minute: 0 }),
    sent({ type: "identify", anonymousId: "a1", userId: "u1", minute: 10 }),
    exposed("discount", { userId: "u2", minute: 0 }),
  ]);
  await follow();
  const messages = ["a1", "u2", "of another campaign", "too late"];
  const ids = messages.map((_, i) => `00000000-0000-8000-8000-00000000000${i}`);
  await database.pool.query(
    `insert into campaigns.message (id, uid, campaign, person, variant, step, channel, kind, content, state)
     select id, 'u', campaign, person, '', 's', 'letters', 'email', 'welcome', 'sent'
     from (values ($1::uuid, 'spring-sale', 'anonymous:a1'), ($2, 'spring-sale', 'user:u2'), ($3, 'other', 'user:u2'),
       ($4, 'spring-sale', 'user:u2')) as one (id, campaign, person)`,
    ids,
  );
  await database.pool.query(
    `insert into campaigns.feedback (message, kind, at) values ($1, 'unsubscribed', $5), ($2, 'bounced', $5),
       ($3, 'unsubscribed', $5), ($4, 'unsubscribed', $6)`,
    [...ids, at(30), at(3 * DAY)],
  );
  expect(await count({ events: ["Unsubscribed", "Letter Bounced"] })).toEqual({
    Unsubscribed: ["discount 1/0", "shipping 1/1"],
    "Letter Bounced": ["discount 1/1", "shipping 1/0"],
  });
});

test("what was done before the exposure, or too long after it, does not count", async () => {
  await storeEvents(database.admin, [
    ...[0, 1, 2].map((n) => exposed("discount", { anonymousId: `a${n}`, minute: 100 })),
    ordered({ anonymousId: "a0", minute: 99 }),
    ordered({ anonymousId: "a1", minute: 100 + 2 * DAY }),
    ordered({ anonymousId: "a2", minute: 101 + 2 * DAY }),
  ]);
  await follow();
  expect(await count()).toEqual({ "Order Completed": ["discount 3/1", "shipping 0/0"] });
});

test("each event is counted for itself, over the people of the same time", async () => {
  await storeEvents(database.admin, [
    exposed("discount", { anonymousId: "early", minute: 0 }),
    exposed("discount", { anonymousId: "a1", minute: 10 }),
    exposed("shipping", { anonymousId: "a2", minute: 11 }),
    exposed("shipping", { anonymousId: "late", minute: 20 }),
    ...["early", "a1", "late"].map((anonymousId) => ordered({ anonymousId, minute: 30 })),
    sent({ name: "Order Refunded", anonymousId: "a2", minute: 31 }),
  ]);
  await follow();
  const events = ["Order Completed", "Order Refunded"];
  const [from, until] = [new Date(at(10)), new Date(at(20))];
  expect(await count({ events, from, until })).toEqual({
    "Order Completed": ["discount 1/1", "shipping 1/0"],
    "Order Refunded": ["discount 1/0", "shipping 1/1"],
  });
});

test("exposures that journeys tell of count as those of the event log", async () => {
  const exposure = { campaign: "spring-sale", person: "user:u1", at: new Date(at(50)) };
  await inTransaction(database.pool, async (transaction) => {
    await keepExposure(transaction, { ...exposure, variant: "discount" });
    await keepExposure(transaction, { ...exposure, variant: "shipping", at: new Date(at(60)) });
  });
  await storeEvents(database.admin, [ordered({ userId: "u1", minute: 51 })]);
  await follow();
  expect(await count()).toEqual({ "Order Completed": ["discount 1/1", "shipping 0/0"] });
});

test("exposures without a person, a variant or a campaign count nowhere", async () => {
  await storeEvents(database.admin, [
    exposed("discount", { anonymousId: null, consent: [] }),
    exposed("discount", { anonymousId: "a1", properties: {} }),
    { ...exposed("discount", { anonymousId: "a2" }), campaign: undefined },
    exposed("discount", { anonymousId: "a3", campaign: "welcome" }),
  ]);
  await follow();
  expect(await count()).toEqual({ "Order Completed": ["discount 0/0", "shipping 0/0"] });
});

test("whatever the order of events, the counts are those of a naive reading of the log", async () => {
  const people = fc.constantFrom("a", "b", "c", "d");
  const minute = fc.integer({ min: 0, max: 4 * DAY });
  const event = fc.oneof(
    fc
      .tuple(people, minute, fc.constantFrom("discount", "shipping"))
      .map(([anonymousId, when, variant]) => ({ anonymousId, minute: when, variant })),
    fc
      .tuple(people, minute)
      .map(([anonymousId, when]) => ({ anonymousId, minute: when, variant: undefined })),
  );
  await fc.assert(
    fc.asyncProperty(fc.array(event, { maxLength: 25 }), async (log) => {
      await clear();
      const events = log.map(({ variant, ...one }) =>
        variant ? exposed(variant, one) : ordered(one),
      );
      for (const one of events) await storeEvents(database.admin, [one]);
      await follow();
      expect((await count())["Order Completed"]).toEqual(naively(log));
    }),
    { numRuns: 60 },
  );
});

function naively(
  log: readonly { anonymousId: string; minute: number; variant: string | undefined }[],
): string[] {
  const first = new Map<string, { minute: number; variant: string }>();
  for (const { anonymousId, minute, variant } of log) {
    const known = first.get(anonymousId);
    if (variant === undefined) continue;
    const isFirst =
      !known || minute < known.minute || (minute === known.minute && variant < known.variant);
    if (isFirst) first.set(anonymousId, { minute, variant });
  }
  return VARIANTS.map(({ name }) => {
    const given = [...first].filter(([, { variant }]) => variant === name);
    const converted = given.filter(([person, { minute }]) =>
      log.some(
        (one) =>
          one.anonymousId === person &&
          one.variant === undefined &&
          one.minute > minute &&
          one.minute <= minute + 2 * DAY,
      ),
    );
    return `${name} ${given.length}/${converted.length}`;
  });
}
