import { rmSync } from "node:fs";
import pg from "pg";
import { Registry } from "prom-client";
import { ownState } from "../../commands/own-state.ts";
import { changeNow, type Change } from "../../../commands/ledger/change.ts";
import { drainIntoDatabase } from "../../../commands/ledger/drain.ts";
import { readHistory } from "../../../commands/ledger/history.ts";
import { outboxPath, recordChange, waitingChanges } from "../../../commands/ledger/outbox.ts";
import { addDeploymentMetrics } from "../../../services/worker/deployment-metrics.ts";
import { readDeployments } from "../../../services/worker/deployments.ts";
import { workerDatabase } from "./worker-database.ts";

const database = workerDatabase();
let reader: string;
beforeAll(() => {
  reader = database.url.replace("//worker@", "//reader@");
});
beforeEach(() => database.admin.query("truncate ledger.change"));
afterEach(() => rmSync(ownState, { recursive: true, force: true }));

const deploy = (minute: number, outcome: string, details: object = {}): Change => ({
  ...changeNow({
    kind: "deploy",
    environment: "prod",
    subject: "0123456789abcdef",
    details: { outcome, services: ["cms", "worker"], leadTimeSeconds: 1800, ...details },
  }),
  occurredAt: new Date(Date.now() - 3_600_000 + minute * 60_000).toISOString(),
});
const rollback = (): Change =>
  changeNow({ kind: "rollback", environment: "prod", subject: "a", details: { reason: "errors" } });

async function record(...changes: Change[]): Promise<void> {
  for (const change of changes) await recordChange(change);
}

test("changes go into the ledger by the worker's login, once, and wait no more", async () => {
  const changes = [deploy(0, "succeeded"), rollback()];
  await record(...changes);
  expect(await drainIntoDatabase("prod", database.url)).toBe(2);
  expect(await waitingChanges("prod")).toEqual([]);
  // As after a kill between the commit and the removal.
  await record(...changes);
  await drainIntoDatabase("prod", database.url);
  const { entries } = await readHistory("prod", reader);
  expect(entries).toEqual(changes.map((change) => ({ ...change, recorded: true })));
});

test("the history merges what is recorded with what waits, in order", async () => {
  const [first, second] = [deploy(0, "succeeded"), deploy(1, "failed")];
  await record(second);
  await drainIntoDatabase("prod", database.url);
  await record(first, second);
  const { entries, unreachable } = await readHistory("prod", reader);
  expect(entries.map(({ id, recorded }) => [id, recorded])).toEqual([
    [first.id, false],
    [second.id, true],
  ]);
  expect(unreachable).toBeUndefined();
});

test("the history is one environment's", async () => {
  await record(deploy(0, "succeeded"), { ...deploy(1, "failed"), environment: "dev" });
  await drainIntoDatabase("prod", database.url);
  await drainIntoDatabase("dev", database.url);
  expect((await readHistory("dev", reader)).entries).toMatchObject([{ environment: "dev" }]);
});

test("while the database is down changes wait, and the history says why they are alone", async () => {
  const change = deploy(0, "succeeded");
  await database.restart(async () => {
    await record(change);
    await expect(drainIntoDatabase("prod", database.url)).rejects.toThrow();
    const { entries, unreachable } = await readHistory("prod", reader);
    expect(entries).toEqual([{ ...change, recorded: false }]);
    expect(unreachable).toEqual(expect.any(String));
  });
  expect(await drainIntoDatabase("prod", database.url)).toBe(1);
  expect((await readHistory("prod", reader)).entries).toEqual([{ ...change, recorded: true }]);
}, 30_000);

test("an environment whose database only the cluster reaches has its history from the outbox", async () => {
  await record(rollback());
  expect(await readHistory("prod", undefined)).toMatchObject({
    entries: [{ kind: "rollback", recorded: false }],
    unreachable: "it is not reached from this machine",
  });
  expect(outboxPath("prod")).toContain(ownState);
});

test("metrics count deploys by service and outcome, and lead times of what succeeded", async () => {
  await record(deploy(0, "succeeded"), deploy(1, "failed"), deploy(2, "succeeded"));
  await drainIntoDatabase("prod", database.url);
  const registry = new Registry();
  addDeploymentMetrics(registry, "prod", () => readDeployments(database.pool));
  for (let scrape = 0; scrape < 2; scrape += 1) {
    const text = await registry.metrics();
    expect(text.match(/^deployments_total.*/gm)).toEqual([
      'deployments_total{env="prod",service="cms",outcome="succeeded"} 2',
      'deployments_total{env="prod",service="cms",outcome="failed"} 1',
      'deployments_total{env="prod",service="collector",outcome="succeeded"} 0',
      'deployments_total{env="prod",service="collector",outcome="failed"} 0',
      'deployments_total{env="prod",service="worker",outcome="succeeded"} 2',
      'deployments_total{env="prod",service="worker",outcome="failed"} 1',
    ]);
    expect(text).toContain('deployment_lead_time_seconds_count{env="prod",service="cms"} 2');
    expect(text).toContain('deployment_lead_time_seconds_count{env="prod",service="collector"} 0');
    expect(text).toContain(
      'deployment_lead_time_seconds_bucket{le="3600",env="prod",service="worker"} 2',
    );
  }
});

test("metrics stay while the ledger does not answer", async () => {
  let isAway = false;
  const registry = new Registry();
  addDeploymentMetrics(registry, "prod", async () => {
    if (isAway) throw new Error("away");
    return [{ environment: "prod", service: "cms", outcome: "failed", leadTimeSeconds: null }];
  });
  const before = await registry.metrics();
  isAway = true;
  expect(await registry.metrics()).toBe(before);
});

test("the five DORA measures come by query", async () => {
  await record(
    deploy(0, "succeeded"),
    deploy(10, "failed"),
    deploy(14, "succeeded", { leadTimeSeconds: 5400 }),
    deploy(20, "succeeded", { leadTimeSeconds: null }),
    rollback(),
  );
  await drainIntoDatabase("prod", database.url);
  const client = new pg.Client({ connectionString: reader });
  await client.connect();
  const { rows } = await client.query("select * from ledger.dora");
  await client.end();
  expect(rows).toEqual([
    {
      environment: "prod",
      deployments_per_day: 0.1,
      median_lead_time_seconds: 3600,
      change_failure_rate: 0.25,
      median_seconds_to_restore: 240,
      rework_rate: 0.25,
    },
  ]);
});
