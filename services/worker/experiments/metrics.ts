import { Counter, Gauge, type Registry } from "prom-client";
import { shownAnew, type Shown } from "../shown-anew.ts";
import type { Arm } from "./arm.ts";
import type { Experiment } from "./experiment.ts";

/**
 * Adds what experiments have counted to a registry.
 *
 * @param read as for {@link shownAnew}.
 */
export function addExperimentMetrics(
  registry: Registry,
  read: () => Promise<ReadonlyMap<string, Experiment>>,
): void {
  const registers = [registry];
  const byVariant = (valueOf: (arm: Arm) => number) =>
    shownAnew(read, (experiments) =>
      [...experiments.values()].flatMap(({ campaign: experiment, arms }) =>
        arms.map((arm): Shown => [{ experiment, variant: arm.variant }, valueOf(arm)]),
      ),
    );
  const byCampaign = (valueOf: (arm: Arm) => number) =>
    shownAnew(read, (experiments) =>
      [...experiments.values()].map(({ campaign, reached }) => [
        { campaign },
        reached.reduce((sum, arm) => sum + valueOf(arm), 0),
      ]),
    );
  new Counter({
    name: "mkt_experiment_exposures_total",
    help: "People who were given a variant of a campaign until its experiment was concluded.",
    labelNames: ["experiment", "variant"],
    registers,
    collect: byVariant(({ exposed }) => exposed),
  });
  new Gauge({
    name: "mkt_experiment_expected_share",
    help: "Share of the people that the campaign's file gives to a variant, 0-1.",
    labelNames: ["experiment", "variant"],
    registers,
    collect: byVariant(({ share }) => share),
  });
  new Counter({
    name: "mkt_sessions_total",
    help: "People who came to a campaign: were given a variant of it, be it the only one.",
    labelNames: ["campaign"],
    registers,
    collect: byCampaign(({ exposed }) => exposed),
  });
  new Counter({
    name: "mkt_conversions_total",
    help: "People who reached the goal of a campaign after they were given a variant of it.",
    labelNames: ["campaign"],
    registers,
    collect: byCampaign(({ converted }) => converted),
  });
}
