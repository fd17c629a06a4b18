import type { Flag } from "../../../../services/contract/flag.ts";
import { flagsIn } from "../../../../services/collector/flags/flag-row.ts";
import type { FlagSet } from "../../../../services/collector/flags/flags.ts";

/** Flags as the collector serves them, of version 1. */
export function setOf(...flags: Flag[]): FlagSet {
  const rows = flags.map((flag) => ({ key: flag.key, version: 1, flag }));
  return {
    byKey: new Map(flagsIn(rows).flags.map((one) => [one.flag.key, one])),
    revision: "1",
    since: Date.UTC(2026, 0, 1),
  };
}
