import { pino } from "pino";
import { waitFor } from "../../../../local/wait.ts";
import { decide } from "../../../../services/worker/campaigns/decide.ts";
import { keepCampaigns } from "../../../../services/worker/campaigns/keep.ts";
import { journeyCounts } from "../../../../services/worker/campaigns/journey-counts.ts";
import { look } from "../../../../services/worker/campaigns/kill-switch.ts";
import { outboundAllowed } from "../../../../services/worker/campaigns/outbound.ts";
import type { PublishedContent } from "../../../../services/worker/campaigns/published-content.ts";
import { round, type RoundContext } from "../../../../services/worker/campaigns/round.ts";
import { workerDatabase } from "../worker-database.ts";
import { letterCampaign } from "./a-campaign.ts";
import { fakeCluster, type FakeCluster } from "./fake-cluster.ts";
import { webCampaign } from "./web-campaign.ts";

const database = workerDatabase();
let api: FakeCluster;
let context: RoundContext;
/** Locales in which the CMS has everything. */
let locales: string[];
let isCmsAway: boolean;

beforeEach(async () => {
  await database.admin.query(
    "truncate campaigns.campaign, campaigns.held, events.flags, ledger.change",
  );
  await database.admin.query("update campaigns.outbound set stopped = false, looked_at = 'epoch'");
  api = fakeCluster();
  locales = ["en", "es"];
  isCmsAway = false;
  context = {
    pool: database.pool,
    cluster: api,
    published: async () =>
      isCmsAway
        ? undefined
        : {
            page: [],
            "landing-page": locales.flatMap((locale) => [
              { slug: "sale", variant: "a", locale },
              { slug: "sale", variant: "b", locale },
            ]),
            "email-template": locales.map((locale) => ({ slug: "welcome", locale })),
          },
    hasMail: true,
    connectors: new Map(),
    log: pino({ level: "silent" }),
    journeys: journeyCounts(database.pool),
  };
});

/** `Ready` of a campaign as its status has it, with the generation that it is about. */
function ready(name: string): string {
  const status = api.status(name);
  const found = status?.conditions.find(({ type }) => type === "Ready");
  return found ? `${found.status} ${found.observedGeneration} ${found.message}`.trim() : "none";
}
async function flags(): Promise<string[]> {
  const { rows } = await database.pool.query<{ said: string }>(
    "select key || ' ' || version || ' ' || (flag->>'enabled') || ' ' || (flag->>'rollout') as said from events.flags order by key",
  );
  return rows.map(({ said }) => said);
}
async function kinds(): Promise<string[]> {
  const { rows } = await database.pool.query<{ said: string }>(
    "select kind || ' ' || subject as said from ledger.change order by occurred_at",
  );
  return rows.map(({ said }) => said);
}

test("a campaign of the cluster is accepted: its status, its flag, its event and the ledger tell of it", async () => {
  api.apply("sale", webCampaign());
  expect(await round(context)).toBe(1);
  expect(api.status("sale")).toEqual({
    observedGeneration: 1,
    phase: "live",
    conditions: [
      ["Ready", "Accepted"],
      ["ContentPublished", "AllPublished"],
      ["ChannelsConfigured", "AllConfigured"],
      ["WindowAhead", "NotOver"],
    ].map(([type, reason]) => ({
      type,
      status: "True",
      observedGeneration: 1,
      reason,
      message: "",
      lastTransitionTime: expect.stringMatching(/^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\dZ$/),
    })),
    opensAt: "2025-12-31T23:00:00.000Z",
    closesAt: "2098-12-31T23:00:00.000Z",
    rolloutPercent: 5,
    percents: { discount: 60, free: 40 },
    reason: "as the file has it",
    outbound: "allowed",
    heldBack: 0,
  });
  expect(await flags()).toEqual(["sale 1 true 500"]);
  expect(api.events).toEqual(["Normal Accepted sale: generation 1 runs"]);
  expect(await kinds()).toEqual(["campaign.accept campaign/sale"]);
});

test("a round that finds all as it was writes nothing", async () => {
  api.apply("sale", webCampaign());
  await round(context);
  expect(await round(context)).toBe(0);
  expect(await flags()).toEqual(["sale 1 true 500"]);
  expect(api.events).toHaveLength(1);
});

test("a campaign is refused while its content lacks a locale, and accepted once it is published", async () => {
  locales = ["en"];
  api.apply("greeting", letterCampaign());
  await round(context);
  const problem =
    'content.welcome must be published in every one of locales, got email-template "welcome" without es; publish it in the CMS';
  expect([ready("greeting"), api.status("greeting")?.phase]).toEqual([
    `False 1 ${problem}`,
    "pending",
  ]);
  locales = ["en", "es"];
  await round(context);
  expect([ready("greeting"), api.status("greeting")?.phase]).toEqual(["True 1", "live"]);
  expect(api.events).toEqual([
    `Warning Refused greeting: ${problem}`,
    "Normal Accepted greeting: generation 1 runs",
    "Normal PhaseChanged greeting: from pending to live",
  ]);
});

test("a change that is refused leaves the campaign as it was accepted", async () => {
  api.apply("sale", webCampaign());
  await round(context);
  api.apply("sale", webCampaign({ locales: ["en", "fr"], rollout: [{ percent: 100 }] }));
  await round(context);
  expect(ready("sale")).toMatch(/^False 2 content.offer must be published .* without fr;/);
  expect(api.status("sale")?.phase).toBe("live");
  expect(await flags()).toEqual(["sale 1 true 500"]);
});

test("what is decided while the CMS is asked stands once a change of the rest is accepted", async () => {
  api.apply("sale", webCampaign());
  await round(context);
  api.apply("sale", webCampaign({ purpose: "Sells more." }));
  const percents = { discount: 100, free: 0 };
  const reason = "free breaks the guard rail";
  const published = async (): Promise<PublishedContent | undefined> => {
    await decide(database.pool, "sale", { rolloutPercent: 100, percents, reason });
    return context.published();
  };
  await round({ ...context, published });
  expect(ready("sale")).toBe("True 2");
  expect(api.status("sale")).toMatchObject({ rolloutPercent: 100, percents, reason });
});

test("nothing is said of a campaign that could not be checked", async () => {
  isCmsAway = true;
  api.apply("greeting", letterCampaign());
  await round(context);
  expect([ready("greeting"), api.status("greeting")?.observedGeneration]).toEqual(["none", 0]);
  isCmsAway = false;
  await round(context);
  expect(ready("greeting")).toBe("True 1");
});

test("a campaign is held and let go by its annotation", async () => {
  api.apply("sale", webCampaign());
  await round(context);
  const phases: (string | undefined)[] = [];
  for (const hold of ["paused", "stoped", "stopped", undefined]) {
    api.apply("sale", webCampaign(), hold ? { "marketing.stack/hold": hold } : {});
    await round(context);
    phases.push(api.status("sale")?.phase);
  }
  expect(phases).toEqual(["paused", "paused", "stopped", "live"]);
  expect(await flags()).toEqual(["sale 3 true 500"]);
});

test("a campaign that comes held is accepted held", async () => {
  api.apply("sale", webCampaign(), { "marketing.stack/hold": "paused" });
  await round(context);
  expect([ready("sale"), api.status("sale")?.phase]).toEqual(["True 1", "paused"]);
});

test("a campaign whose file is gone ends, and a new one of its name begins anew", async () => {
  api.apply("sale", webCampaign());
  await round(context);
  api.delete("sale");
  await round(context);
  expect(await flags()).toEqual([]);
  expect(await outboundAllowed(database.pool, "sale", "a")).toEqual({
    allowed: false,
    reason: "the campaign's file is gone",
    isFinal: true,
  });
  api.apply("sale", webCampaign());
  await round(context);
  expect([ready("sale"), api.status("sale")?.phase]).toEqual(["True 1", "live"]);
  expect(await kinds()).toEqual([
    "campaign.accept campaign/sale",
    "campaign.remove campaign/sale",
    "campaign.accept campaign/sale",
  ]);
});

test("one of several workers reconciles at a time", async () => {
  api.apply("sale", webCampaign());
  const written = await Promise.all(Array.from({ length: 3 }, () => round(context)));
  expect(written.filter((count) => count !== undefined).length).toBeGreaterThan(0);
  expect(api.events).toEqual(["Normal Accepted sale: generation 1 runs"]);
  expect(await kinds()).toEqual(["campaign.accept campaign/sale"]);
});

test("fails to apply an old list, once a worker that froze in a round has lost its lock", async () => {
  api.apply("sale", webCampaign());
  await round(context);
  const frozen: FakeCluster = {
    ...api,
    async campaigns() {
      const old = await api.campaigns();
      await database.admin.query(
        `select pg_terminate_backend(pid, 5000) from pg_stat_activity
         where pid in (select pid from pg_locks where locktype = 'advisory' and granted)`,
      );
      api.apply("sale", webCampaign(), { "marketing.stack/hold": "stopped" });
      api.apply("greeting", letterCampaign());
      await round(context);
      return old;
    },
  };
  await expect(round({ ...context, cluster: frozen })).rejects.toThrow();
  const { rows } = await database.pool.query(
    "select name, hold, removed_at is null as runs from campaigns.campaign order by name",
  );
  expect(rows).toEqual([
    { name: "greeting", hold: null, runs: true },
    { name: "sale", hold: "stopped", runs: true },
  ]);
});

test("the kill switch holds back what would leave, counts it, and lets it go again", async () => {
  api.apply("greeting", letterCampaign());
  await round(context);
  await look(database.pool, context.cluster);
  expect(await outboundAllowed(database.pool, "greeting", "a")).toEqual({ allowed: true });
  api.stopOutbound(true);
  await look(database.pool, context.cluster);
  for (const effect of ["a", "b"]) {
    expect(await outboundAllowed(database.pool, "greeting", effect)).toEqual({
      allowed: false,
      reason: "all outbound is stopped",
      isFinal: false,
    });
  }
  await round(context);
  const { outbound, heldBack } = api.status("greeting")!;
  expect([outbound, heldBack]).toEqual(["stopped", 2]);
  api.stopOutbound(false);
  await look(database.pool, context.cluster);
  expect(await outboundAllowed(database.pool, "greeting", "b")).toEqual({ allowed: true });
});

test("what a slow worker read of the kill switch does not replace what was read since", async () => {
  const slow = {
    isOutboundStopped: async (): Promise<boolean> => {
      api.stopOutbound(true);
      await look(database.pool, context.cluster);
      return false;
    },
  };
  await look(database.pool, slow);
  const { rows } = await database.pool.query("select stopped from campaigns.outbound");
  expect(rows).toEqual([{ stopped: true }]);
});

test("the kill switch is read again at once after the database's clock was put back", async () => {
  await database.pool.query(
    "update campaigns.outbound set looked_at = clock_timestamp() + interval '1 hour'",
  );
  api.stopOutbound(true);
  await look(database.pool, context.cluster);
  const { rows } = await database.pool.query(
    "select stopped, looked_at <= clock_timestamp() as past from campaigns.outbound",
  );
  expect(rows).toEqual([{ stopped: true, past: true }]);
});

test("campaigns are kept through an outage of the API server, and nothing leaves meanwhile for long", async () => {
  api.apply("greeting", letterCampaign());
  const kept = keepCampaigns(context);
  try {
    await waitFor("an accepted campaign", 10, async () =>
      ready("greeting") === "True 1" ? true : undefined,
    );
    api.fail(true);
    await database.pool.query(
      "update campaigns.outbound set looked_at = looked_at - interval '7 s'",
    );
    await waitFor("an effect held back", 10, async () => {
      const leave = await outboundAllowed(database.pool, "greeting", "a");
      return leave.allowed ? undefined : leave;
    });
    api.fail(false);
    await waitFor("an effect let out", 10, async () => {
      const leave = await outboundAllowed(database.pool, "greeting", "a");
      return leave.allowed ? true : undefined;
    });
  } finally {
    await Promise.all(kept.map((one) => one.stop()));
  }
}, 30_000);
