import { readFileSync } from "node:fs";
import { accept } from "../../../../services/worker/campaigns/accept.ts";
import { readCampaigns } from "../../../../services/worker/campaigns/current.ts";
import { readExperiments } from "../../../../services/worker/experiments/experiment.ts";
import { steerCampaigns } from "../../../../services/worker/experiments/steer.ts";
import { followLog, forgetProfiles } from "../../../../services/worker/profiles/follow.ts";
import { inTransaction } from "../../../../services/worker/transaction.ts";
import { letterCampaign, runCampaign } from "../campaigns/a-campaign.ts";
import { sent, storeEvents } from "../event-log.ts";
import { workerDatabase } from "../worker-database.ts";

const MIGRATION = "services/worker/migrations/0027-looks.sql";

const NAME = "spring-sale";
const spec = letterCampaign({
  window: { timeZone: "Europe/Madrid", from: "2026-01-01 00:00", to: "2099-01-01 00:00" },
  variants: [
    { name: "discount", percent: 50 },
    { name: "shipping", percent: 50 },
  ],
  goal: { event: "Order Completed", withinDays: 14, effectPercent: 2 },
  guardRails: [{ event: "Order Refunded", harm: "more" }],
  rollout: [{ percent: 25, gate: { hours: 1 } }, { percent: 100 }],
});

// Thousands of people take their time on a busy machine.
jest.setTimeout(60_000);

const database = workerDatabase();
beforeEach(async () => {
  await database.admin.query(
    "truncate events.event, campaigns.exposure, campaigns.experiment, campaigns.look, campaigns.campaign, ledger.change",
  );
  await inTransaction(database.pool, forgetProfiles);
  await runCampaign(database.pool, { name: NAME, spec });
});

/** People who are given a variant and then do something, all in the first hours of the log. */
async function people(variant: string, given: number, did: Record<string, number>): Promise<void> {
  await storeEvents(
    database.admin,
    Array.from({ length: given }, (_, index) => {
      const anonymousId = `${variant}-${index}`;
      return [
        sent({
          type: "exposure",
          name: NAME,
          campaign: NAME,
          anonymousId,
          minute: 0,
          properties: { experiment: NAME, variant },
        }),
        ...Object.entries(did)
          .filter(([, count]) => index < count)
          .map(([name]) => sent({ name, anonymousId, minute: 10 })),
      ];
    }).flat(),
  );
  while ((await followLog(database.pool)).behind);
}

/** What was decided about the campaign, and what is known of it. */
async function known(): Promise<{
  rollout: number;
  percents: object;
  reason: string;
  said: string;
}> {
  const [campaign] = await readCampaigns(database.pool);
  const experiment = (await readExperiments(database.pool)).get(NAME);
  return {
    rollout: campaign!.rolloutPercent,
    percents: campaign!.percents,
    reason: campaign!.reason,
    said: experiment?.explanation ?? "",
  };
}

/** Lets the present step of the roll-out be as old as its gate asks for. */
async function soak(): Promise<void> {
  await database.pool.query(
    "update campaigns.campaign set rollout_since = rollout_since - interval '1 hour'",
  );
}

test("the better variant is scaled to everybody by itself, and then the campaign to the whole audience", async () => {
  await people("discount", 2000, { "Order Completed": 100 });
  await people("shipping", 2000, { "Order Completed": 220 });
  await soak();
  await steerCampaigns(database.pool);
  expect(await known()).toEqual({
    rollout: 25,
    percents: { discount: 25, shipping: 75 },
    reason: "shipping is better than discount",
    said: "4,000 people saw one of 2 variants: discount converted 100 of 2,000 (5.00 %), shipping converted 220 of 2,000 (11.00 %). shipping is better than discount, by +6.00 points (between +3.38 and +8.62) with 95 % confidence: it is scaled up.",
  });
  // Not before the gate's hour.
  await steerCampaigns(database.pool);
  expect((await known()).percents).toEqual({ discount: 25, shipping: 75 });
  await soak();
  await steerCampaigns(database.pool);
  expect((await known()).percents).toEqual({ discount: 0, shipping: 100 });
  await soak();
  await steerCampaigns(database.pool);
  expect(await known()).toMatchObject({ rollout: 100, percents: { discount: 0, shipping: 100 } });
  const { rows } = await database.pool.query(
    "select details->'percents' as percents from ledger.change where kind = 'campaign.decide' order by recorded_at",
  );
  expect(rows.map(({ percents }) => percents)).toEqual([
    { discount: 25, shipping: 75 },
    { discount: 0, shipping: 100 },
    { discount: 0, shipping: 100 },
  ]);
});

test("people who come after the winner was called do not change what was concluded, but are counted", async () => {
  await people("discount", 2000, { "Order Completed": 100 });
  await people("shipping", 2000, { "Order Completed": 220 });
  await steerCampaigns(database.pool);
  const { reached: reachedBefore, ...before } = (await readExperiments(database.pool)).get(NAME)!;
  await database.admin.query(
    `insert into campaigns.exposure select $1, 'anonymous:late-' || n, 'shipping', clock_timestamp()
     from generate_series(1, 1000) as n`,
    [NAME],
  );
  await steerCampaigns(database.pool);
  const { reached, ...after } = (await readExperiments(database.pool)).get(NAME)!;
  expect(after).toEqual(before);
  const exposed = [reachedBefore, reached].map((arms) => arms.map((arm) => arm.exposed));
  expect(exposed).toEqual([
    [2000, 2000],
    [2000, 3000],
  ]);
});

test("people who come after the winner was called open the gate to a larger share", async () => {
  const gate = { hours: 1, people: 5000 };
  const rollout = [{ percent: 25, gate }, { percent: 100 }];
  await runCampaign(database.pool, { name: NAME, spec: { ...spec, rollout } });
  await people("discount", 2000, { "Order Completed": 100 });
  await people("shipping", 2000, { "Order Completed": 220 });
  for (let look = 0; look < 3; look += 1) {
    await soak();
    await steerCampaigns(database.pool);
  }
  expect(await known()).toMatchObject({ rollout: 25, percents: { discount: 0, shipping: 100 } });
  await database.admin.query(
    `insert into campaigns.exposure select $1, 'anonymous:late-' || n, 'shipping', clock_timestamp()
     from generate_series(1, 1000) as n`,
    [NAME],
  );
  await steerCampaigns(database.pool);
  expect((await known()).rollout).toBe(100);
});

test("a broken guard rail gives everybody the control, also after a winner was called", async () => {
  await people("discount", 2000, { "Order Completed": 100, "Order Refunded": 20 });
  await people("shipping", 2000, { "Order Completed": 220 });
  await steerCampaigns(database.pool);
  await storeEvents(
    database.admin,
    Array.from({ length: 200 }, (_, index) =>
      sent({ name: "Order Refunded", anonymousId: `shipping-${index}`, minute: 500 }),
    ),
  );
  while ((await followLog(database.pool)).behind);
  await steerCampaigns(database.pool);
  expect(await known()).toMatchObject({
    rollout: 25,
    percents: { discount: 100, shipping: 0 },
    reason: "shipping breaks the guard rail Order Refunded",
  });
  await soak();
  await steerCampaigns(database.pool);
  expect((await known()).rollout).toBe(25);
});

test("nothing grows while people are not shared out as declared", async () => {
  await people("discount", 2000, {});
  await people("shipping", 1500, {});
  await soak();
  await steerCampaigns(database.pool);
  const { rollout, said } = await known();
  expect(rollout).toBe(25);
  expect(said).toContain("They were not shared out as declared");
});

test("other variants in the file are another experiment", async () => {
  await people("discount", 2000, { "Order Completed": 100 });
  await people("shipping", 2000, { "Order Completed": 220 });
  await steerCampaigns(database.pool);
  const variants = [
    { name: "discount", percent: 60 },
    { name: "shipping", percent: 40 },
  ];
  await runCampaign(database.pool, { name: NAME, spec: { ...spec, variants }, generation: 2 });
  await steerCampaigns(database.pool);
  expect(await known()).toMatchObject({ percents: { discount: 60, shipping: 40 } });
  const { arms, concludedAt } = (await readExperiments(database.pool)).get(NAME)!;
  expect([arms.map(({ exposed }) => exposed), concludedAt]).toEqual([[0, 0], null]);
});

/** Deploys the campaign with another goal, as the second generation of its file. */
async function askAnotherGoal(): Promise<void> {
  const [former] = await readCampaigns(database.pool);
  const changed = { ...spec, goal: { ...spec.goal, withinDays: 7 } };
  const second = { name: NAME, uid: former!.uid, generation: 2, spec: changed };
  await accept(database.pool, second);
}

test("another goal in the file is another experiment, with the file's shares", async () => {
  await people("discount", 2000, { "Order Completed": 100 });
  await people("shipping", 2000, { "Order Completed": 220 });
  for (let look = 0; look < 2; look += 1) {
    await soak();
    await steerCampaigns(database.pool);
  }
  expect((await known()).percents).toEqual({ discount: 0, shipping: 100 });
  await askAnotherGoal();
  await database.admin.query(
    `insert into campaigns.exposure
     select $1, 'anonymous:new-' || n, case when n % 2 = 0 then 'discount' else 'shipping' end, clock_timestamp()
     from generate_series(1, 400) as n`,
    [NAME],
  );
  await steerCampaigns(database.pool);
  expect(await known()).toMatchObject({ rollout: 25, percents: { discount: 50, shipping: 50 } });
  const { arms, verdict } = (await readExperiments(database.pool)).get(NAME)!;
  expect([arms.map(({ exposed }) => exposed), verdict?.kind]).toEqual([[200, 200], "wait"]);
});

test("a variant that harmed is not given to people again because the file has another goal, but because it has other variants", async () => {
  await people("discount", 2000, {});
  await people("shipping", 2000, { "Order Refunded": 200 });
  await steerCampaigns(database.pool);
  await askAnotherGoal();
  await soak();
  await steerCampaigns(database.pool);
  expect(await known()).toMatchObject({
    rollout: 25,
    percents: { discount: 100, shipping: 0 },
    reason: "shipping breaks the guard rail Order Refunded",
  });
  expect((await readExperiments(database.pool)).get(NAME)!.verdict?.kind).toBe("harm");
  const [former] = await readCampaigns(database.pool);
  const variants = [
    { name: "discount", percent: 60 },
    { name: "shipping", percent: 40 },
  ];
  const third = { name: NAME, uid: former!.uid, generation: 3, spec: { ...spec, variants } };
  await accept(database.pool, third);
  expect(await known()).toMatchObject({ percents: { discount: 60, shipping: 40 }, said: "" });
});

test("people of a campaign that comes back are counted from its first on", async () => {
  await people("discount", 100, { "Order Completed": 20 });
  await steerCampaigns(database.pool);
  await runCampaign(database.pool, { name: NAME, spec, uid: "another" });
  await database.admin.query(
    `insert into campaigns.exposure select $1, 'anonymous:first-' || n, 'shipping', clock_timestamp()
     from generate_series(1, 10) as n`,
    [NAME],
  );
  await steerCampaigns(database.pool);
  const { arms } = (await readExperiments(database.pool)).get(NAME)!;
  expect(arms.map(({ exposed }) => exposed)).toEqual([0, 10]);
});

test("a campaign that is paused is left as it is", async () => {
  await soak();
  await database.pool.query("update campaigns.campaign set hold = 'paused'");
  await steerCampaigns(database.pool);
  expect((await known()).rollout).toBe(25);
  expect((await readExperiments(database.pool)).size).toBe(0);
});

test("of looks at a challenger the last of each day is kept, for the plot", async () => {
  await people("discount", 100, { "Order Completed": 20 });
  await people("shipping", 100, { "Order Completed": 21 });
  await steerCampaigns(database.pool);
  await steerCampaigns(database.pool);
  // As it was kept before, for each minute.
  await database.pool.query(
    `insert into campaigns.look (campaign, variant, at, difference, low, high)
     select $1, 'shipping', '2026-01-31T22:00:00Z'::timestamptz + make_interval(mins => n), n, 0, 0
     from generate_series(0, 5) as n`,
    [NAME],
  );
  await database.admin.query(readFileSync(MIGRATION, "utf8"));
  const { rows } = await database.pool.query(
    `select variant, round(difference::numeric, 3)::float8 as difference, at = date_trunc('day', at, 'UTC') as "isDay"
     from campaigns.look order by at`,
  );
  const today = { variant: "shipping", difference: 0.01, isDay: true };
  expect(rows[0]).toEqual({ variant: "shipping", difference: 5, isDay: false });
  expect(new Set(rows.slice(1).map((row) => JSON.stringify(row)))).toEqual(
    new Set([JSON.stringify(today)]),
  );
});

test("a campaign that fails does not hold up the others, and is told of", async () => {
  await runCampaign(database.pool, { name: "broken", spec });
  await database.pool.query(
    "update campaigns.campaign set spec = jsonb_set(spec, '{goal,withinDays}', '\"many\"') where name = 'broken'",
  );
  await soak();
  await expect(steerCampaigns(database.pool)).rejects.toThrow(
    /^campaign broken: invalid input syntax/,
  );
  const campaigns = await readCampaigns(database.pool);
  expect(campaigns.map(({ name, rolloutPercent }) => [name, rolloutPercent])).toEqual([
    ["broken", 25],
    [NAME, 100],
  ]);
});
