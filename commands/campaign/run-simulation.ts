import { readFileSync } from "node:fs";
import type { CampaignSpec } from "../../services/contract/campaign.ts";
import { campaignName, readCampaign } from "../../stacks/campaigns/file.ts";
import { campaignSchema } from "../../stacks/campaigns/schema.ts";
import { generatedPeople } from "./generated-people.ts";
import { recordedPeople } from "./recorded-people.ts";
import { simulate, type Simulation } from "./simulate.ts";

/** How many people are generated. */
const PEOPLE = 2000;

/** Whom a campaign is simulated with. */
export type Cast =
  /** Generated ones of a seed. */
  | { readonly seed: number }
  /** Those of a file of recorded events. */
  | { readonly file: string };

/** A simulation, what it is of, and what is wrong with it. */
export interface SimulationRun {
  readonly spec: CampaignSpec;
  readonly simulation: Simulation;
  /** `<field> must <rule>, got <value>; <remedy>`. */
  readonly problems: readonly string[];
}

/**
 * Simulates the campaign of a file.
 *
 * @throws Error with all mistakes of the file.
 */
export function runSimulation(path: string, cast: Cast): SimulationRun {
  const { spec: read, problems } = readCampaign(path, readFileSync(path, "utf8"), campaignSchema());
  if (problems.length > 0) throw new Error(problems.join("\n"));
  const spec = read as CampaignSpec;
  const people =
    "seed" in cast ? generatedPeople(spec, PEOPLE, cast.seed) : recordedPeople(cast.file);
  const simulation = simulate(campaignName(path), spec, people);
  return { spec, simulation, problems: problemsOf(path, simulation) };
}

function problemsOf(
  path: string,
  { people, audience, entered, sent, withheld }: Simulation,
): string[] {
  if (people === 0) return [];
  if (audience === 0) {
    return [
      `${path}: audience must hold for somebody, got none of ${people} people; look for rules that exclude each other`,
    ];
  }
  if (Object.keys(entered).length === 0) {
    return [
      `${path}: journey.startsWith must come of somebody in the audience, got none of ${audience} people; correct the event's name`,
    ];
  }
  if (sent.length > 0) return [];
  const why = Object.entries(withheld).map(([reason, times]) => `${reason} ${times}`);
  return [
    `${path}: journey must have a message leave, got none for ${audience} people (${why.join(", ") || "no step sends one in the window"}); look at budget, consentBasis and window`,
  ];
}
