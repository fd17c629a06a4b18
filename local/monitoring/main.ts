import { serve } from "@hono/node-server";
import { pino } from "pino";
import { createApp } from "./app.ts";
import { handOver } from "./delivery/hand-over.ts";
import { readDeliverySettings } from "./delivery/settings.ts";
import { readFlags, type Flags } from "./flags.ts";
import { watchAlerts, type Watch } from "./incidents/watch.ts";
import { createMetrics } from "./metrics.ts";
import { checkWithPromtool, promtoolVersion } from "./promql/promtool.ts";
import { State } from "./state/state.ts";
import { runUptimeChecks } from "./uptime/runner.ts";

/** How long a drain waits for requests under way, in milliseconds. */
const DRAIN = 10_000;

// Written at once: by default the last lines before an exit come out of order.
const log = pino(
  { base: { service: "monitoring" }, timestamp: pino.stdTimeFunctions.isoTime },
  pino.destination({ dest: 1, sync: true }),
);

function fail(message: string): never {
  process.stderr.write(`error: ${message}\n`);
  process.exit(1);
}

function flags(): Flags {
  try {
    return readFlags(process.argv.slice(2));
  } catch (error) {
    return fail((error as Error).message);
  }
}

const { address, port, state: folder, delivery } = flags();
const state = await State.open(folder).catch((error: Error) => {
  return fail(
    `--state must be a folder that can be written, got ${JSON.stringify(folder)}: ${error.message}`,
  );
});
for (const file of state.setAside)
  log.error(file, "state file set aside, because it could not be read");

const promtool = await promtoolVersion();
if (promtool) log.info({ promtool }, "PromQL is checked with promtool");
else
  log.warn("promtool is not on PATH: PromQL is not checked; install Debian's package prometheus");

const uptime = runUptimeChecks(state);
let watch: () => Watch | undefined = () => undefined;
if (delivery) {
  const settings = await readDeliverySettings(delivery).catch((error: Error) =>
    fail(error.message),
  );
  handOver(state, settings, reportOnce("policies could not be handed over"));
  watch = watchAlerts(state, settings, reportOnce("alerts could not be read"));
}

let draining = false;
const app = createApp({
  state,
  checkPromql: promtool ? checkWithPromtool : async () => undefined,
  now: () => new Date().toISOString(),
  metrics: createMetrics(state),
  uptime,
  watch: () => watch(),
  logRequest: (entry) => log.info(entry, "request"),
  logFault: (error) => log.error({ err: error }, "request failed"),
  isReady: () => !draining,
});

const server = serve({ fetch: app.fetch, hostname: address, port }, (bound) => {
  log.info({ address: bound.address, port: bound.port, state: folder }, "listening");
});
server.on("error", (error: Error) => {
  fail(`--address and --port must be free to listen on, got ${address}:${port}: ${error.message}`);
});

/** Logs an error unless it is the one that was logged last: what fails is tried again every few seconds. */
function reportOnce(message: string): (error: Error) => void {
  let last = "";
  return (error) => {
    if (error.message !== last) log.warn({ reason: error.message }, message);
    last = error.message;
  };
}

function drain(signal: NodeJS.Signals): void {
  if (draining) return;
  draining = true;
  log.info({ signal }, "draining");
  setTimeout(() => process.exit(1), DRAIN).unref();
  server.close(() => {
    log.info("stopped");
    process.exit(0);
  });
}
process.on("SIGTERM", drain);
process.on("SIGINT", drain);
