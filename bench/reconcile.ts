import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import pg from "pg";
import { pino } from "pino";
import { apiCluster } from "../services/worker/campaigns/cluster.ts";
import { journeyCounts } from "../services/worker/campaigns/journey-counts.ts";
import { round as reconcileAll, type RoundContext } from "../services/worker/campaigns/round.ts";
import { startApiServer } from "../tests/services/worker/campaigns/api-server.ts";
import { webCampaign } from "../tests/services/worker/campaigns/web-campaign.ts";
import { startWorkerDatabase } from "../tests/services/worker/worker-database.ts";
import { median, report, round } from "./measure.ts";

// The worker's rounds over 1,000 campaigns, by the API of a cluster (here a stand-in in this process, which its processor time
// includes) and a real PostgreSQL: the first accepts all of them, the others find one changed, or nothing.
const CAMPAIGNS = 1000;

const folder = mkdtempSync(join(tmpdir(), "marketing-stack-bench-"));
const database = await startWorkerDatabase();
const pool = new pg.Pool({ connectionString: database.url, max: 10 });
const api = await startApiServer(folder);
try {
  const entries = ["en", "es"].flatMap((locale) =>
    ["a", "b"].map((variant) => ({ slug: "sale", variant, locale })),
  );
  const context: RoundContext = {
    pool,
    cluster: apiCluster("dev", api.kubeconfig),
    published: async () => ({ page: [], "landing-page": entries, "email-template": [] }),
    hasMail: true,
    connectors: new Map(),
    log: pino({ level: "silent" }),
    journeys: journeyCounts(pool),
  };
  for (let index = 0; index < CAMPAIGNS; index += 1)
    api.cluster.apply(`sale-${index}`, webCampaign());

  const first = await timed(context);
  const changed: Timed[] = [];
  const unchanged: Timed[] = [];
  for (let pair = 0; pair < 5; pair += 1) {
    api.cluster.apply("sale-7", webCampaign({ purpose: `Changed ${pair} times.` }));
    changed.push(await timed(context));
    unchanged.push(await timed(context));
  }
  report("reconcile", {
    campaigns: CAMPAIGNS,
    firstSeconds: round(first.seconds),
    firstStatuses: first.written,
    changedSeconds: median(changed.map(({ seconds }) => seconds)),
    unchangedSeconds: median(unchanged.map(({ seconds }) => seconds)),
    // Of the 2 s between two rounds.
    unchangedShareOfProcessor: round(median(unchanged.map(({ processor }) => processor)) / 2),
    rounds: unchanged.length,
  });
} finally {
  await api.stop();
  await pool.end();
  await database.stop();
  rmSync(folder, { recursive: true, force: true });
}

/** One round: its length and processor time in seconds, and how many statuses it wrote. */
interface Timed {
  readonly seconds: number;
  readonly processor: number;
  readonly written: number;
}

async function timed(context: RoundContext): Promise<Timed> {
  const begun = performance.now();
  const before = process.cpuUsage();
  const written = (await reconcileAll(context)) ?? 0;
  const { user, system } = process.cpuUsage(before);
  return {
    seconds: (performance.now() - begun) / 1000,
    processor: (user + system) / 1e6,
    written,
  };
}
