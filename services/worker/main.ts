import type { Server } from "node:http";
import { serve } from "@hono/node-server";
import pg from "pg";
import { pino } from "pino";
import { channelKinds } from "../contract/connectors.ts";
import { createApp } from "./app.ts";
import { apiCluster } from "./campaigns/cluster.ts";
import { journeyCounts } from "./campaigns/journey-counts.ts";
import { keepCampaigns } from "./campaigns/keep.ts";
import { publishedContent } from "./campaigns/published-content.ts";
import { addCareMetrics, readCare } from "./care-metrics.ts";
import { restCms } from "./cms.ts";
import { readConfig, type Config } from "./config.ts";
import { wordsOfCms } from "./connectors/find-words.ts";
import { openConnectors } from "./connectors/open.ts";
import { ways } from "./journeys/ways.ts";
import { courier } from "./journeys/deliver.ts";
import { enterPeople } from "./journeys/enter.ts";
import { keepJourneys } from "./journeys/keep.ts";
import { postgresLedger } from "./ledger.ts";
import { addDeploymentMetrics } from "./deployment-metrics.ts";
import { readDeployments } from "./deployments.ts";
import { countMails } from "./mail/counts.ts";
import { takeFeedback } from "./mail/feedback.ts";
import { addMailMetrics } from "./mail/metrics.ts";
import { openMail } from "./mail/open.ts";
import { addMessageMetrics, countMessages } from "./message-metrics.ts";
import { restSchedule } from "./schedule.ts";
import { addSpendMetrics, readSpend } from "./spend-metrics.ts";
import { createMetrics } from "./metrics.ts";
import { readExperiments } from "./experiments/experiment.ts";
import { addExperimentMetrics } from "./experiments/metrics.ts";
import { steerCampaigns } from "./experiments/steer.ts";
import { keepProfiles } from "./profiles/keep.ts";
import { forgetUnknownRefusals } from "./profiles/unknown-refusals.ts";
import { pgBossQueue } from "./queue.ts";
import { ONE_SCRAPE, remembered } from "./remembered.ts";
import { repeat, type Repeated } from "./repeat.ts";
import { keepRetention } from "./retention.ts";
import { addRetentionMetrics, readExpiry } from "./retention-metrics.ts";
import { postgresWatermarks } from "./watermarks.ts";

/** How long running jobs may take to finish after SIGTERM, in seconds. */
const DRAIN_SECONDS = 15;

/** How long a request in flight may take after that, in seconds. */
const REQUEST_SECONDS = 2;

/** Time between two looks at the campaigns' experiments, in milliseconds. */
const STEERING = 5000;

/** Time between two looks for what came back of letters, in milliseconds. */
const FEEDBACK = 1000;

/** Time between two looks at refusals of those whom nobody knows, in milliseconds. */
const UNKNOWN_REFUSALS = 24 * 60 * 60 * 1000;

/** Waits between tries to reach PostgreSQL at start, in milliseconds; the last one repeats. */
const BACKOFF = [250, 500, 1000, 2000];

const config = configOrExit();
// Synchronous, so that the last lines before an exit are not lost.
const log = pino(
  { level: config.logLevel, base: { service: "worker" } },
  pino.destination({ dest: 1, sync: true }),
);
const queue = pgBossQueue(config.databaseUrl, log);
const database = new pg.Pool({
  connectionString: config.databaseUrl,
  max: 5,
  connectionTimeoutMillis: 5000,
  // What a worker locks that freezes in the middle is free then; within some transactions the CMS is asked.
  idle_in_transaction_session_timeout: 60_000,
});
// Without a listener a terminated backend would end the process.
database.on("error", (error) => log.warn({ reason: error.message }, "database connection ended"));
const metrics = createMetrics(remembered(ONE_SCRAPE, () => queue.states()));
addDeploymentMetrics(
  metrics.registry,
  config.environment,
  remembered(ONE_SCRAPE, () => readDeployments(database)),
);
addCareMetrics(
  metrics.registry,
  remembered(ONE_SCRAPE, () => readCare(database, config.environment)),
);
addSpendMetrics(
  metrics.registry,
  remembered(ONE_SCRAPE, () => readSpend(database)),
);
addExperimentMetrics(
  metrics.registry,
  remembered(ONE_SCRAPE, () => readExperiments(database)),
);
const connectorKinds = Object.fromEntries(
  Object.entries(config.connectors).map(([name, { kind }]) => [name, kind]),
);
addMessageMetrics(metrics.registry, () => countMessages(database, connectorKinds));
addMailMetrics(metrics.registry, () => countMails(database));
if (Object.keys(config.retentionDays).length > 0) {
  // Where all is kept, nothing is gone through, and that is not late.
  addRetentionMetrics(
    metrics.registry,
    remembered(ONE_SCRAPE, () => readExpiry(database)),
  );
}

const cms = restCms(config.cmsUrl, config.cmsApiToken);
/** Where messages leave: journeys must not wait for publications, or these for them. */
const journeys = new pg.Pool({
  connectionString: config.databaseUrl,
  max: 8,
  connectionTimeoutMillis: 5000,
  // Within these transactions nobody else is asked.
  idle_in_transaction_session_timeout: 15_000,
});
journeys.on("error", (error) => log.warn({ reason: error.message }, "database connection ended"));
const mail = config.mail && openMail(config.mail, cms);
/** What is done all the time while it works. */
let repeated: Repeated[] = [];
let state: "starting" | "working" | "stopping" = "starting";
const app = createApp({
  webhookTokens: config.webhookTokens,
  recordPublication: (publication) => queue.recordPublication(publication),
  notReady: async () => {
    if (state !== "working") return state;
    return (await queue.isHealthy()) ? undefined : "database does not answer";
  },
  metrics,
  log,
});
const server = serve({ fetch: app.fetch, port: config.port }, ({ port }) =>
  log.info({ port }, "listening"),
);

for (const signal of ["SIGTERM", "SIGINT"] as const) {
  process.once(signal, () => {
    log.info({ signal }, "stopping");
    void stop()
      .catch((error: Error) => log.error({ reason: error.message }, "did not stop cleanly"))
      .finally(() => process.exit(0));
  });
}

for (let attempt = 0; state === "starting"; attempt += 1) {
  try {
    await queue.start({
      ledger: postgresLedger(database),
      watermarks: postgresWatermarks(database),
      cms,
      schedule: restSchedule(config.cmsUrl, config.cmsApiToken),
      courier: courier(
        journeys,
        ways(
          openConnectors(config.connectors, wordsOfCms(cms)),
          mail ? { email: mail.channel } : {},
        ),
      ),
      chatWebhookUrl: config.chatWebhookUrl,
      recorded: () => metrics.published("ok"),
      log,
    });
    if (state !== "starting") break;
    state = "working";
    repeated = [
      keepProfiles(database, log, (people, transaction) => enterPeople(transaction, people)),
      ...keepJourneys(journeys, log, (jobs, transaction) => queue.sendMessages(jobs, transaction)),
      ...keepCampaigns({
        pool: database,
        cluster: apiCluster(config.environment, config.kubeconfig),
        published: publishedContent(cms, log),
        hasMail: mail !== undefined,
        connectors: new Map(Object.entries(channelKinds(config.connectors))),
        journeys: journeyCounts(database),
        log,
      }),
      repeat({ what: "what comes back of letters is taken", interval: FEEDBACK, log }, () =>
        takeFeedback(database),
      ),
      ...(Object.keys(config.retentionDays).length > 0
        ? [keepRetention(database, config.retentionDays, log)]
        : []),
      repeat({ what: "old refusals are forgotten", interval: UNKNOWN_REFUSALS, log }, () =>
        forgetUnknownRefusals(database),
      ),
      repeat({ what: "campaigns are steered", interval: STEERING, log }, () =>
        steerCampaigns(database),
      ),
    ];
    log.info("working");
  } catch (error) {
    log.warn({ reason: (error as Error).message }, "queue does not start yet");
    await new Promise((resolve) =>
      setTimeout(resolve, BACKOFF[Math.min(attempt, BACKOFF.length - 1)]),
    );
  }
}

/** Answers as long as jobs run, so that a webhook that comes meanwhile is still enqueued. */
async function stop(): Promise<void> {
  state = "stopping";
  await Promise.all(repeated.map((one) => one.stop()));
  await queue.drain(DRAIN_SECONDS);
  mail?.close();
  const closed = new Promise((resolve) => server.close(resolve));
  setTimeout(() => (server as Server).closeAllConnections(), REQUEST_SECONDS * 1000);
  await closed;
  await queue.stop();
  await Promise.all([database.end(), journeys.end()]);
}

function configOrExit(): Config {
  try {
    return readConfig(process.env);
  } catch (error) {
    process.stderr.write(`${(error as Error).message}\n`);
    process.exit(1);
  }
}
