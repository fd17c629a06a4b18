import { flagBreach } from "../../contract/check-flag.ts";
import type { Flag } from "../../contract/flag.ts";
import { decidingFlag } from "./decide.ts";
import type { DecidingFlag } from "./decide.ts";

/** A row of `events.flags`. */
export interface FlagRow {
  readonly key: string;
  readonly version: number;
  /** JSON of a `Flag`, if whoever wrote it kept to the contract. */
  readonly flag: unknown;
}

/** A row that is no flag, and why. */
export interface WrongRow {
  readonly key: string;
  readonly version: number;
  readonly reason: string;
}

/** The flags in rows, in their order, and the rows that are none. */
export function flagsIn(rows: readonly FlagRow[]): { flags: DecidingFlag[]; wrong: WrongRow[] } {
  const flags: DecidingFlag[] = [];
  const wrong: WrongRow[] = [];
  const salts = new Set<string>();
  for (const { key, version, flag } of rows) {
    const reason =
      flagBreach(flag) ?? keyBreach(flag as Flag, key) ?? saltBreach(flag as Flag, salts);
    if (reason === undefined) flags.push(decidingFlag(flag as Flag, version));
    else wrong.push({ key, version, reason });
  }
  return { flags, wrong };
}

function keyBreach(flag: Flag, key: string): string | undefined {
  return flag.key === key
    ? undefined
    : `key must be that of the row, got ${JSON.stringify(flag.key)}`;
}

/** Optimizely's SDKs take the salt for an id. */
function saltBreach({ bucketing, salt }: Flag, taken: Set<string>): string | undefined {
  if (bucketing !== "optimizely") return undefined;
  if (taken.has(salt)) {
    return `salt must be of its own among flags of bucketing optimizely, got ${JSON.stringify(salt)}`;
  }
  taken.add(salt);
  return undefined;
}
