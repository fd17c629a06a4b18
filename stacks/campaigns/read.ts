import { readFileSync } from "node:fs";
import { campaignName, readCampaign } from "./file.ts";
import { campaignFiles } from "./folder.ts";
import { campaignSchema } from "./schema.ts";

/**
 * What each campaign of `folder` is, by name.
 *
 * @throws Error naming file, line, field, value and remedy, for all mistakes of all files at once.
 */
export function readCampaigns(folder = "campaigns"): Record<string, object> {
  const files = campaignFiles(folder);
  if (files.length === 0) return {};
  const schema = campaignSchema();
  const read = files.map((path) => ({
    path,
    ...readCampaign(path, readFileSync(path, "utf8"), schema),
  }));
  const problems = read.flatMap((file) => file.problems);
  if (problems.length > 0) throw new Error(problems.join("\n"));
  return Object.fromEntries(read.map(({ path, spec }) => [campaignName(path), spec as object]));
}
