import { Counter, Gauge, type Registry } from "prom-client";
import type { Experiment } from "./experiment.ts";

/**
 * Adds what experiments have counted to a registry. Each replica tells the same: take the largest over pods, not their sum.
 *
 * @param read throws while PostgreSQL is away: the last known numbers stay then.
 */
export function addExperimentMetrics(
  registry: Registry,
  read: () => Promise<ReadonlyMap<string, Experiment>>,
): void {
  const current = (): Promise<ReadonlyMap<string, Experiment> | undefined> =>
    read().catch(() => undefined);
  const exposures = new Counter({
    name: "mkt_experiment_exposures_total",
    help: "People who were given a variant of a campaign.",
    labelNames: ["experiment", "variant"],
    registers: [registry],
    async collect() {
      const experiments = await current();
      if (!experiments) return;
      exposures.reset();
      for (const { campaign: experiment, arms } of experiments.values()) {
        for (const { variant, exposed } of arms) exposures.inc({ experiment, variant }, exposed);
      }
    },
  });
  const shares = new Gauge({
    name: "mkt_experiment_expected_share",
    help: "Share of the people that the campaign's file gives to a variant, 0-1.",
    labelNames: ["experiment", "variant"],
    registers: [registry],
    async collect() {
      const experiments = await current();
      if (!experiments) return;
      shares.reset();
      for (const { campaign: experiment, arms } of experiments.values()) {
        for (const { variant, share } of arms) shares.set({ experiment, variant }, share);
      }
    },
  });
  const visits = new Counter({
    name: "mkt_sessions_total",
    help: "People who came to a campaign: were given a variant of it, be it the only one.",
    labelNames: ["campaign"],
    registers: [registry],
    async collect() {
      const experiments = await current();
      if (!experiments) return;
      visits.reset();
      for (const { campaign, arms } of experiments.values()) {
        visits.inc(
          { campaign },
          arms.reduce((sum, { exposed }) => sum + exposed, 0),
        );
      }
    },
  });
  const conversions = new Counter({
    name: "mkt_conversions_total",
    help: "People who reached the goal of a campaign after they were given a variant of it.",
    labelNames: ["campaign"],
    registers: [registry],
    async collect() {
      const experiments = await current();
      if (!experiments) return;
      conversions.reset();
      for (const { campaign, arms } of experiments.values()) {
        conversions.inc(
          { campaign },
          arms.reduce((sum, { converted }) => sum + converted, 0),
        );
      }
    },
  });
}
