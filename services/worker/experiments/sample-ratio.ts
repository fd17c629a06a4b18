import jstat from "jstat";
import type { Arm } from "./arm.ts";

/** Weight of the expectation against the data: that of this many people. */
const PRIOR = 100;

/**
 * Always-valid p-value of "people were shared out as declared" (Lindon and Malek, "Anytime-Valid Inference for
 * Multinomial Count Data", NeurIPS 2022): one may look after each person. A small one means that assignment or exposure
 * events are broken, and that no result of the experiment is to be believed.
 */
export function sampleRatioPValue(arms: readonly Arm[]): number {
  const { gammaln } = jstat.jStat;
  const people = arms.reduce((sum, { exposed }) => sum + exposed, 0);
  const evidence = arms.reduce(
    (sum, { exposed, share }) =>
      sum +
      gammaln(PRIOR * share + exposed) -
      gammaln(PRIOR * share) -
      // Nobody is expected there, so that one person is proof.
      (exposed === 0 ? 0 : exposed * Math.log(share)),
    gammaln(PRIOR) - gammaln(PRIOR + people),
  );
  return Math.min(1, Math.exp(-evidence));
}
