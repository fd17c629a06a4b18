import { readFileSync } from "node:fs";
import { join } from "node:path";
import { clone } from "./command.ts";

/**
 * A campaign of the clone as it is while it runs for everybody: its window is open, and its roll-out done.
 *
 * @param changes more of them, by what they replace.
 */
export function liveCampaign(
  file: string,
  changes: readonly (readonly [string, string])[],
): string {
  const open: [RegExp | string, string][] = [
    [/from: "2027-[^"]*"/, 'from: "2026-01-11 09:00"'],
    [/^rollout:\n( {2}- .*\n)+/m, "rollout:\n  - { percent: 100 }\n"],
  ];
  return [...open, ...changes].reduce(
    (text, [from, to]) => {
      const changed = text.replace(from, to);
      if (changed === text) throw new Error(`campaigns/${file} must have ${String(from)}`);
      return changed;
    },
    readFileSync(join(clone, "campaigns", file), "utf8"),
  );
}
