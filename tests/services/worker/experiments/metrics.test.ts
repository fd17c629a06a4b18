import { Registry } from "prom-client";
import type { Experiment } from "../../../../services/worker/experiments/experiment.ts";
import { addExperimentMetrics } from "../../../../services/worker/experiments/metrics.ts";

const experiment: Experiment = {
  campaign: "spring-sale",
  countedFrom: new Date(0),
  arms: [
    { variant: "discount", share: 0.6, exposed: 60, converted: 6 },
    { variant: "shipping", share: 0.4, exposed: 40, converted: 8 },
  ],
  reached: [
    { variant: "discount", share: 0.6, exposed: 60, converted: 6 },
    { variant: "shipping", share: 0.4, exposed: 90, converted: 18 },
  ],
  verdict: null,
  explanation: "",
  concludedAt: null,
};

const told = async (registry: Registry): Promise<string[]> =>
  (await registry.metrics()).split("\n").filter((line) => line !== "" && !line.startsWith("#"));

test("each variant's people and share, and each campaign's visitors and conversions of any time are told, also while the database is away", async () => {
  const registry = new Registry();
  let isAway = false;
  addExperimentMetrics(registry, async () => {
    if (isAway) throw new Error("away");
    return new Map([["spring-sale", experiment]]);
  });
  const lines = [
    'mkt_experiment_exposures_total{experiment="spring-sale",variant="discount"} 60',
    'mkt_experiment_exposures_total{experiment="spring-sale",variant="shipping"} 40',
    'mkt_experiment_expected_share{experiment="spring-sale",variant="discount"} 0.6',
    'mkt_experiment_expected_share{experiment="spring-sale",variant="shipping"} 0.4',
    'mkt_sessions_total{campaign="spring-sale"} 150',
    'mkt_conversions_total{campaign="spring-sale"} 24',
  ];
  expect(await told(registry)).toEqual(lines);
  isAway = true;
  expect(await told(registry)).toEqual(lines);
});
