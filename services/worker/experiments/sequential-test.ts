import { rateOf, type Arm } from "./arm.ts";

/** What is known of the difference between two arms, however often it was looked at before. */
export interface Comparison {
  /** Rate of the challenger minus rate of the control. */
  readonly difference: number;
  /** Ends of an interval that holds the true difference at every look with confidence 1 - alpha. */
  readonly low: number;
  readonly high: number;
  /** Always-valid p-value of "there is no difference" at this look. */
  readonly pValue: number;
}

/** Fewer conversions or failures in both arms together than this, and the counts are not normal enough to say anything. */
const LEAST = 20;

/**
 * Compares two conversion rates by the mixture sequential probability ratio test (Johari, Koomen, Pekelis and Walsh,
 * "Always Valid Inference", Operations Research 2022): one may look after each person and stop at will, and still be
 * wrong in at most `alpha` of the experiments.
 *
 * @param effect the difference that it is made for, as a share (0.01 is one point); it finds others too, later.
 * @param alpha probability of a difference where there is none, over all looks together.
 */
export function compareArms(
  control: Arm,
  challenger: Arm,
  { effect, alpha }: { effect: number; alpha: number },
): Comparison {
  const difference = rateOf(challenger) - rateOf(control);
  const variance = pooledVariance(control, challenger);
  if (variance === undefined) return { difference, low: -1, high: 1, pValue: 1 };
  const mixture = effect ** 2;
  const both = variance + mixture;
  // log of the likelihood ratio of "some difference, normal around 0" to "none".
  const evidence =
    0.5 * Math.log(variance / both) + (mixture * difference ** 2) / (2 * variance * both);
  const margin = marginOf(variance, { effect, alpha });
  return {
    difference,
    low: Math.max(-1, difference - margin),
    high: Math.min(1, difference + margin),
    pValue: Math.min(1, Math.exp(-evidence)),
  };
}

/** By how much an estimate with this variance must differ from 0 to be told from it. */
export function marginOf(
  variance: number,
  { effect, alpha }: { effect: number; alpha: number },
): number {
  const mixture = effect ** 2;
  const both = variance + mixture;
  return Math.sqrt(
    ((variance * both) / mixture) * (Math.log(both / variance) - 2 * Math.log(alpha)),
  );
}

/** Variance of the difference if both arms convert alike; undefined while too little was counted. */
function pooledVariance(control: Arm, challenger: Arm): number | undefined {
  const exposed = control.exposed + challenger.exposed;
  const converted = control.converted + challenger.converted;
  if (control.exposed === 0 || challenger.exposed === 0) return undefined;
  if (Math.min(converted, exposed - converted) < LEAST) return undefined;
  const rate = converted / exposed;
  return rate * (1 - rate) * (1 / control.exposed + 1 / challenger.exposed);
}
