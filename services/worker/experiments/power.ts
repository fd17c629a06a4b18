import jstat from "jstat";
import { marginOf } from "./sequential-test.ts";

/** What an experiment of two arms of equal size is to find. */
export interface Plan {
  /** Rate of conversion of the control, 0-1. */
  readonly baseline: number;
  /** Difference that is worth finding, as a share. */
  readonly effect: number;
  readonly alpha: number;
}

/** Probability of finding the planned effect at the look that is taken with so many people in each arm. */
export function powerAt(exposedPerArm: number, { baseline, effect, alpha }: Plan): number {
  const { cdf } = jstat.jStat.normal;
  const pooled = baseline + effect / 2;
  const under = (pooled * (1 - pooled) * 2) / exposedPerArm;
  const treated = baseline + effect;
  const real = (baseline * (1 - baseline) + treated * (1 - treated)) / exposedPerArm;
  return 1 - cdf(marginOf(under, { effect, alpha }), Math.abs(effect), Math.sqrt(real));
}

/**
 * People that each arm needs to find the planned effect with this probability at the last look; earlier looks find it
 * sooner in most experiments.
 *
 * @throws RangeError if the plan has no solution below 100 million.
 */
export function exposedFor(power: number, plan: Plan): number {
  let low = 1;
  let high = 100_000_000;
  if (!(powerAt(high, plan) >= power)) {
    throw new RangeError(
      `power must be reachable with 100 million people an arm, got ${power} of ${JSON.stringify(plan)}; plan for a larger effect`,
    );
  }
  while (low < high) {
    const middle = Math.floor((low + high) / 2);
    if (powerAt(middle, plan) >= power) high = middle;
    else low = middle + 1;
  }
  return low;
}
