import { readFileSync } from "node:fs";
import { spanOf } from "../../services/contract/campaign-phase.ts";
import type { CampaignSpec } from "../../services/contract/campaign.ts";
import {
  channelFindings,
  windowFindings,
  type ConfiguredChannels,
} from "../../services/worker/campaigns/checks.ts";
import { campaignName, readCampaign } from "../../stacks/campaigns/file.ts";
import { campaignSchema } from "../../stacks/campaigns/schema.ts";
import { seededContent } from "../content/seeded.ts";
import type { Audiences, AudienceSize } from "./audience-size.ts";
import { generatedPeople } from "./generated-people.ts";
import type { SamplePerson } from "./letter-faults.ts";
import { contentFaults, type LintContent } from "./lint-content.ts";
import type { LintStack } from "./lint-stack.ts";

/** How many people each letter is written to, and the seed of those who are generated. */
const SAMPLED = 20;
const SEED = 1;

/** What lint found. */
export interface LintReport {
  /** Names of the campaigns, in the order of their files. */
  readonly campaigns: readonly string[];
  /** All mistakes of all files; empty if the API server, and the worker as far as it was asked for, will take them. */
  readonly problems: readonly string[];
  /** What may be meant, and what could not be checked. */
  readonly warnings: readonly string[];
  /** Whom each campaign would reach now; empty without a stack. */
  readonly audiences: readonly AudienceSize[];
}

/** What campaigns are checked against besides their schema. */
export interface LintArgs {
  readonly now: Date;
  /** @default - what a new CMS has, no audience, and every campaign may be one that runs */
  readonly stack?: LintStack | undefined;
  /** Recorded people whom letters are written to. @default - generated ones */
  readonly people?: readonly SamplePerson[] | undefined;
}

/** A campaign whose file is right by itself. */
interface Campaign {
  readonly name: string;
  readonly spec: CampaignSpec;
  /** A finding `<field>…` or `<field>: …` with where it is before it. */
  readonly placed: (finding: string) => string;
}

/**
 * Checks campaigns' files by what the API server checks, without one, and those that are right by it against content, channels,
 * audience and clock.
 */
export async function lint(
  paths: readonly string[],
  { now, stack, people }: LintArgs,
): Promise<LintReport> {
  const schema = campaignSchema();
  const files = paths.map((path) => ({ path, ...readCampaign(path, text(path), schema) }));
  const campaigns = files
    .filter(({ problems }) => problems.length === 0)
    .map(({ path, spec, placeOf }): Campaign => ({
      name: campaignName(path),
      spec: spec as CampaignSpec,
      placed: (finding) => {
        const [field] = /^[\w.-]+/.exec(finding)!;
        return `${placeOf(field.split("."))}: ${finding}`;
      },
    }));
  const surroundings = stack && campaigns.length > 0 ? await ask(stack, campaigns, now) : undefined;
  const content = surroundings?.content ?? SEED_CONTENT;
  const problems = files.flatMap((file) => file.problems);
  const warnings: string[] = [];
  for (const { name, spec, placed } of campaigns) {
    const sample = [
      ...(people?.slice(0, SAMPLED) ?? generatedPeople(spec, SAMPLED, SEED)),
      ...(surroundings?.audiences.samples.get(name) ?? []),
    ];
    const ofContent = await contentFaults(spec, content, sample);
    problems.push(...ofContent.problems.map(placed));
    warnings.push(...ofContent.warnings.map(placed));
    if (!surroundings) continue;
    if (surroundings.channels) {
      problems.push(...channelFindings(spec, surroundings.channels).map(placed));
    }
    if (!surroundings.accepted.has(name)) {
      problems.push(...windowFindings(spec, now).map(placed));
      warnings.push(...begunWindow(spec, now).map(placed));
    }
    const size = surroundings.audiences.sizes.find(({ campaign }) => campaign === name)!;
    const empty = emptyAudience(spec, size).map(placed);
    // Where nobody is known nothing is wrong with the rules.
    if (surroundings.audiences.known > 0) problems.push(...empty);
    else warnings.push(...empty);
  }
  return {
    campaigns: paths.map(campaignName),
    problems,
    warnings,
    audiences: surroundings ? surroundings.audiences.sizes : [],
  };
}

/** What a new CMS has: others have more. */
const SEED_CONTENT: LintContent = {
  isWhole: false,
  entries: seededContent("published").documents.flatMap(({ type, entries }) =>
    Object.entries(entries).map(([locale, fields]) => ({ type, locale, fields })),
  ),
};

interface Surroundings {
  readonly content: LintContent;
  readonly channels: ConfiguredChannels | undefined;
  readonly accepted: ReadonlySet<string>;
  readonly audiences: Audiences;
}

async function ask(
  stack: LintStack,
  campaigns: readonly Campaign[],
  now: Date,
): Promise<Surroundings> {
  const specs = new Map(campaigns.map(({ name, spec }) => [name, spec]));
  // One after the other: each of them asks for the stack's outputs, and a stack that is away is told once.
  const entries = await stack.entries();
  const channels = await stack.channels();
  const accepted = await stack.accepted();
  const audiences = await stack.audiences(specs, now, SAMPLED);
  return { content: { isWhole: true, entries }, channels, accepted, audiences };
}

/** A window that is over is a mistake of its own. */
function begunWindow({ window }: CampaignSpec, now: Date): string[] {
  const { opensAt, closesAt } = spanOf(window);
  if (now < opensAt || now >= closesAt) return [];
  return [
    `window.from should be in the future as long as the campaign is new, got ${JSON.stringify(window.from)}; people come in as soon as it is deployed`,
  ];
}

/** Who does what a campaign begins with comes into its audience later. */
function emptyAudience({ journey }: CampaignSpec, { people, agreed }: AudienceSize): string[] {
  if (journey.startsWith !== undefined || agreed > 0) return [];
  return people === 0
    ? [
        "audience must hold for somebody, got nobody now; correct its rules, or let people in by journey.startsWith",
      ]
    : [
        `consentBasis must be agreed to by somebody in the audience, got none of ${people} people; ask for their consent first, or let people in by journey.startsWith`,
      ];
}

function text(path: string): string {
  try {
    return readFileSync(path, "utf8");
  } catch (error) {
    throw new Error(
      `FILE must be a campaign's file, got ${JSON.stringify(path)} (${(error as Error).message})`,
      { cause: error },
    );
  }
}
