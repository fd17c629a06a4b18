import type { GateCheck, Gates } from "../../stacks/gates.ts";

/** What Prometheus says of a check now. */
export interface Reading {
  readonly check: GateCheck;
  /** Undefined while there is none. */
  readonly value: number | undefined;
  /** Undefined where the check asks for none, or there are none. */
  readonly samples: number | undefined;
}

/** Whether a step may go on. */
export type Judgement =
  | { readonly kind: "passed"; readonly quiet: readonly string[] }
  | { readonly kind: "failed"; readonly check: string; readonly reason: string }
  /** `hasEnough`: whether every check has enough to go by. */
  | { readonly kind: "watching"; readonly hasEnough: boolean; readonly reason: string };

/**
 * Judges a step by one reading of each check.
 *
 * A value above its limit fails at once if it rests on enough. A check without enough is waited for until the budget is
 * spent; then `whenQuiet` decides, save that a number that nobody exports at all fails in any case: a service counts from 0, so
 * one that is quiet has samples, of which there are none yet.
 *
 * @param seconds `elapsed` since the step was deployed, `enough` since every check has enough; undefined while one has not.
 */
export function judge(
  readings: readonly Reading[],
  { soakSeconds, budgetSeconds, whenQuiet }: Gates,
  { elapsed, enough }: { readonly elapsed: number; readonly enough: number | undefined },
): Judgement {
  const broken = readings.find(
    (reading) => hasEnough(reading) && reading.value! > reading.check.most,
  );
  if (broken) {
    const { check, value, samples } = broken;
    const resting = samples === undefined ? "" : ` of ${Math.floor(samples)} samples`;
    return {
      kind: "failed",
      check: check.name,
      reason: `must be at most ${check.most}, got ${Number(value!.toPrecision(3))}${resting}`,
    };
  }
  const quiet = readings.filter((reading) => !hasEnough(reading));
  if (quiet.length === 0 && enough !== undefined && enough >= soakSeconds) {
    return { kind: "passed", quiet: [] };
  }
  if (quiet.length === 0) {
    return { kind: "watching", hasEnough: true, reason: "within all limits" };
  }
  if (elapsed < budgetSeconds) {
    const reason = `waiting for samples of ${names(quiet).join(", ")}`;
    return { kind: "watching", hasEnough: false, reason };
  }
  const missing = quiet.find(isMissing);
  const first = missing ?? quiet[0]!;
  if (missing || whenQuiet === "return") {
    return {
      kind: "failed",
      check: first.check.name,
      reason: `${shortage(first)} within ${budgetSeconds} s`,
    };
  }
  return { kind: "passed", quiet: names(quiet) };
}

function hasEnough({ check, value, samples }: Reading): boolean {
  if (value === undefined) return false;
  return check.leastSamples === undefined || (samples ?? 0) >= check.leastSamples;
}

/** Whether nobody exports what the check asks for. */
function isMissing({ check, value, samples }: Reading): boolean {
  return check.samples === undefined ? value === undefined : samples === undefined;
}

function shortage(reading: Reading): string {
  const { check, samples } = reading;
  return isMissing(reading)
    ? `must have a value, got none for ${check.samples ?? check.query}`
    : `must rest on ${check.leastSamples} samples or more, got ${Math.floor(samples ?? 0)}`;
}

function names(readings: readonly Reading[]): string[] {
  return readings.map(({ check }) => check.name);
}
