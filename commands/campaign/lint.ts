import { readFileSync } from "node:fs";
import { campaignName, readCampaign } from "../../stacks/campaigns/file.ts";
import { campaignSchema } from "../../stacks/campaigns/schema.ts";

/** What lint found. */
export interface LintReport {
  /** Names of the campaigns, in the order of their files. */
  readonly campaigns: readonly string[];
  /** All mistakes of all files; empty if the API server will take them. */
  readonly problems: readonly string[];
}

/** Checks campaigns' files by what the API server checks, without one. */
export function lint(paths: readonly string[]): LintReport {
  const schema = campaignSchema();
  return {
    campaigns: paths.map(campaignName),
    problems: paths.flatMap((path) => readCampaign(path, text(path), schema).problems),
  };
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
