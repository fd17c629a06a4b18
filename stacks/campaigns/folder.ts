import { existsSync, readdirSync } from "node:fs";
import { join } from "node:path";

/** Paths of the campaigns' files in `folder`, in order. */
export function campaignFiles(folder = "campaigns"): string[] {
  if (!existsSync(folder)) return [];
  return readdirSync(folder)
    .filter((name) => name.endsWith(".yaml"))
    .sort()
    .map((name) => join(folder, name));
}
