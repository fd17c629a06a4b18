import { randomUUID } from "node:crypto";
import { Registry } from "prom-client";
import { addCareMetrics, readCare } from "../../../services/worker/care-metrics.ts";
import { addSpendMetrics, readSpend } from "../../../services/worker/spend-metrics.ts";
import { workerDatabase } from "./worker-database.ts";

const database = workerDatabase();
beforeEach(() => database.admin.query("truncate ledger.change"));

async function happened(kind: string, secondsAgo: number, details: object): Promise<void> {
  await database.admin.query(
    `insert into ledger.change (id, kind, subject, actor, occurred_at, details)
     values ($1, $2, 'prod', 'somebody', now() - make_interval(secs => $3), $4)`,
    [randomUUID(), kind, secondsAgo, JSON.stringify({ environment: "prod", ...details })],
  );
}

const told = async (registry: Registry): Promise<string[]> =>
  (await registry.metrics()).split("\n").filter((line) => line !== "" && !line.startsWith("#"));

test("before the first backup there is no age, and nothing was changed by hand", async () => {
  const registry = new Registry();
  addCareMetrics(registry, () => readCare(database.pool, "prod"));
  expect(await told(registry)).toEqual(['drift_changes{kind="ledger"} 0']);
});

test("the newest good backup and drill of the environment count", async () => {
  await happened("backup", 7200, { outcome: "succeeded" });
  await happened("backup", 60, { outcome: "failed" });
  await happened("backup", 30, { outcome: "succeeded", environment: "dev" });
  await happened("restore-drill", 3600, { outcome: "succeeded" });
  const { backupAge, restoreDrillAge } = await readCare(database.pool, "prod");
  expect(backupAge).toBeGreaterThanOrEqual(7200);
  expect(backupAge).toBeLessThan(7500);
  expect(restoreDrillAge).toBeGreaterThanOrEqual(3600);
  expect(restoreDrillAge).toBeLessThan(3900);
});

test("drift is what the last look found, until a deploy changes it back", async () => {
  await happened("drift", 300, { changes: 3 });
  expect((await readCare(database.pool, "prod")).driftChanges).toBe(3);
  await happened("deploy", 200, { outcome: "failed" });
  expect((await readCare(database.pool, "prod")).driftChanges).toBe(3);
  await happened("deploy", 100, { outcome: "succeeded" });
  expect((await readCare(database.pool, "prod")).driftChanges).toBe(0);
});

test("a campaign spends what its messages of today cost, and numbers stay while the database is away", async () => {
  await database.admin.query(
    `insert into campaigns.campaign (name, uid, generation, spec, opens_at, closes_at, rollout_percent, percents, reason, removed_at)
     values ('spring', 'u1', 1, '{"budget":{"daily":20}}', now(), now(), 100, '{}', '', null),
            ('gone', 'u2', 1, '{"budget":{"daily":5}}', now(), now(), 100, '{}', '', now())`,
  );
  await database.admin.query(
    `insert into campaigns.message (id, uid, campaign, person, variant, step, channel, kind, content, left_at, cost)
     select gen_random_uuid(), 'u1', 'spring', 'user:1', 'a', 's', 'c', 'email', 'x', at, 1.5
     from unnest(array[now(), now(), now() - interval '1 day', null]) as at`,
  );
  const registry = new Registry();
  let isAway = false;
  addSpendMetrics(registry, async () => {
    if (isAway) throw new Error("away");
    return readSpend(database.pool);
  });
  const lines = [
    'ad_spend_today_currency{account="messages",campaign="spring"} 3',
    'ad_daily_budget_currency{campaign="spring"} 20',
  ];
  expect(await told(registry)).toEqual(lines);
  isAway = true;
  expect(await told(registry)).toEqual(lines);
});
