import { readFileSync } from "node:fs";
import { join } from "node:path";
import { parse } from "yaml";
import { generatedPeople } from "../commands/campaign/generated-people.ts";
import { simulate } from "../commands/campaign/simulate.ts";
import { clonePath } from "../local/paths.ts";
import type { CampaignSpec } from "../services/contract/campaign.ts";
import { median, report, round } from "./measure.ts";

// The whole journey of generated people through the welcome campaign, on a simulated clock, by the code that the worker runs.
const PEOPLE = 20_000;
const RUNS = 5;

const text = readFileSync(join(clonePath, "campaigns", "welcome.yaml"), "utf8");
const spec = parse(text) as CampaignSpec;
const people = generatedPeople(spec, PEOPLE, 1);
const run = (): { perSecond: number; messages: number } => {
  const begun = performance.now();
  const { sent } = simulate("welcome", spec, people);
  return { perSecond: PEOPLE / ((performance.now() - begun) / 1000), messages: sent.length };
};
// The first run is not counted.
const { messages } = run();
const runs = Array.from({ length: RUNS }, () => run().perSecond);
report("simulation", {
  people: PEOPLE,
  messages,
  peoplePerSecond: round(median(runs)),
  runs: RUNS,
});
