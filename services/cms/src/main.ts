import { resolve } from "node:path";
import { setTimeout as sleep } from "node:timers/promises";

import { environmentProblems } from "./environment.ts";
import { logLine } from "./log-line.ts";
import { checkDatabase } from "./server/database-check.ts";
import { Front } from "./server/front.ts";
import { createMetrics } from "./server/metrics.ts";
import { overdueSeconds } from "./server/scheduled-publications.ts";
import { createStrapi } from "./strapi.ts";

/** How long clients that keep a connection may take to call again and be told to leave, in milliseconds. */
const LINGER = 2_000;

/** How long an answered publication may take until its webhook call begins, in milliseconds. */
const ANNOUNCEMENT = 1_000;

/** How long webhook calls that are under way may take at the end, in milliseconds. */
const LAST_CALLS = 10_000;

const problems = environmentProblems(process.env);
if (problems.length > 0) fail(new Error(problems.join("; ")));

// dist/src/main.js: two folders up is the package.
const appDir = resolve(import.meta.dirname, "../..");
const strapi = createStrapi({ appDir, distDir: resolve(appDir, "dist") });
const front = new Front(createMetrics(() => overdueSeconds(strapi)));

const started = start().catch(fail);
for (const signal of ["SIGTERM", "SIGINT"] as const) {
  // Strapi's own handler cuts the requests in flight.
  process.removeAllListeners(signal);
  process.once(signal, () => void stop().catch(fail));
}

async function start() {
  const { host, port } = strapi.config.get<{ host: string; port: number }>("server");
  await front.listen(port, host);
  await strapi.load();
  strapi.server.mount();
  // Koa prints these as bare text unless told to be silent: mostly clients that left before their answer.
  strapi.server.app.silent = true;
  strapi.server.app.on("error", (error: Error) => strapi.log.warn(`no answer: ${error.message}`));
  front.open({ handle: strapi.server.app.callback(), check: () => checkDatabase(strapi) });
  strapi.log.info(`listening on ${host}:${port}`);
}

/** Answers what was asked, then ends; a start under way is not cut short, it may be changing the schema. */
async function stop() {
  await started;
  strapi.log.info("draining");
  await front.drain(sleep(LINGER));
  await sleep(ANNOUNCEMENT);
  await strapi.destroy();
  // The process ends by itself when the last webhook call is done.
  setTimeout(() => process.exit(0), LAST_CALLS).unref();
}

function fail(error: Error): never {
  console.log(logLine("error", error.message, error.stack));
  process.exit(1);
}
