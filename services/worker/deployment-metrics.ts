import { Counter, Histogram, type Registry } from "prom-client";
import type { Deployment } from "./deployments.ts";

const MINUTE = 60;
const HOUR = 60 * MINUTE;
const DAY = 24 * HOUR;

/** Services that are there from the start. */
const SERVICES = ["cms", "collector", "worker"];

/**
 * Adds what the ledger knows of deploys to a registry, from 0 for the services of `environment`.
 *
 * It is counted anew at each scrape, so a restarted worker goes on where it was. Each replica tells the same: take the largest
 * over pods, not their sum.
 *
 * @param read throws while PostgreSQL is away: the last known numbers stay then.
 */
export function addDeploymentMetrics(
  registry: Registry,
  environment: string,
  read: () => Promise<readonly Deployment[]>,
): void {
  const current = (): Promise<readonly Deployment[] | undefined> => read().catch(() => undefined);
  const counted = new Counter({
    name: "deployments_total",
    help: "Deploys in the ledger, by service that they touched.",
    labelNames: ["env", "service", "outcome"],
    registers: [registry],
    async collect() {
      const deployments = await current();
      if (!deployments) return;
      counted.reset();
      beginCounting();
      for (const { environment: env, service, outcome } of deployments) {
        counted.inc({ env, service, outcome });
      }
    },
  });
  const leadTimes = new Histogram({
    name: "deployment_lead_time_seconds",
    help: "From the newest commit of a release to the end of its deploy.",
    labelNames: ["env", "service"],
    buckets: [15 * MINUTE, HOUR, 4 * HOUR, DAY, 2 * DAY, 7 * DAY, 30 * DAY],
    registers: [registry],
    async collect() {
      const deployments = await current();
      if (!deployments) return;
      leadTimes.reset();
      beginMeasuring();
      for (const { environment: env, service, outcome, leadTimeSeconds } of deployments) {
        if (outcome !== "succeeded" || leadTimeSeconds === null) continue;
        leadTimes.observe({ env, service }, leadTimeSeconds);
      }
    },
  });
  const beginCounting = (): void => {
    for (const service of SERVICES) {
      for (const outcome of ["succeeded", "failed"]) {
        counted.inc({ env: environment, service, outcome }, 0);
      }
    }
  };
  const beginMeasuring = (): void => {
    for (const service of SERVICES) leadTimes.zero({ env: environment, service });
  };
  beginCounting();
  beginMeasuring();
}
