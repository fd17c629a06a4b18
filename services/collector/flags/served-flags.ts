import { WHOLE } from "../../contract/flag.ts";
import type { Bucketing, Flag } from "../../contract/flag.ts";
import type { FlagSet } from "./flags.ts";

/** Flags that a vendor's SDK decides as the collector does: those drawn by its hash, and those that need no draw. */
export function servedTo(vendor: Bucketing, { byKey }: FlagSet): Flag[] {
  return [...byKey.values()]
    .map(({ flag }) => flag)
    .filter((flag) => flag.bucketing === vendor || isSettled(flag));
}

/** Whether anybody takes part in a flag. */
export function isTaken({ enabled, rollout }: Flag): boolean {
  return enabled && rollout > 0;
}

/** Whether a flag says the same to everybody. */
function isSettled(flag: Flag): boolean {
  const { audience, consent = [], rollout, variants } = flag;
  const isForAll = audience.length + consent.length === 0 && rollout === WHOLE;
  return !isTaken(flag) || (isForAll && variants.some(({ weight }) => weight === WHOLE));
}
