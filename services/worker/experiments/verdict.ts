import type { Arm } from "./arm.ts";
import { sampleRatioPValue } from "./sample-ratio.ts";
import { compareArms, type Comparison } from "./sequential-test.ts";

/** Below this, people were not shared out as declared. Stricter than alpha: it discards a whole experiment. */
const MISMATCH = 0.001;

/** A measure that a variant must not make worse, counted over the same people as the goal. */
export interface GuardRail {
  readonly name: string;
  /** Direction that is harm: more unsubscriptions, or fewer renewals. */
  readonly harm: "more" | "fewer";
  /** Same variants in the same order as the goal's. */
  readonly arms: readonly Arm[];
}

/** An experiment as counted now. The first arm is the control. */
export interface Counted {
  readonly arms: readonly Arm[];
  readonly guardRails: readonly GuardRail[];
  /** Difference of the goal's rate that is worth finding, as a share. */
  readonly effect: number;
  /** Probability, 0-1, of calling a winner where there is none. */
  readonly alpha: number;
}

/** What is known of one challenger against the control. */
export interface Finding extends Comparison {
  readonly variant: string;
}

/** What is to be done with an experiment, and why. */
export type Verdict =
  /** People were not shared out as declared: nothing may be concluded. */
  | { readonly kind: "mismatch"; readonly pValue: number }
  /** A guard rail is broken: back to the control. */
  | { readonly kind: "harm"; readonly guardRail: string; readonly finding: Finding }
  | { readonly kind: "winner"; readonly finding: Finding }
  /** Every challenger is worse than the control. */
  | { readonly kind: "control"; readonly findings: readonly Finding[] }
  | { readonly kind: "wait"; readonly findings: readonly Finding[] };

/** Judges an experiment; may be asked after each person, and errs in at most `alpha` of the experiments. */
export function judge({ arms, guardRails, effect, alpha }: Counted): Verdict {
  const pValue = sampleRatioPValue(arms);
  if (pValue < MISMATCH) return { kind: "mismatch", pValue };
  for (const { name, harm, arms: guarded } of guardRails) {
    const sign = harm === "more" ? 1 : -1;
    const harmed = against(guarded, { effect, alpha }).find(
      ({ low, high }) => (sign > 0 ? low : -high) > 0,
    );
    if (harmed) return { kind: "harm", guardRail: name, finding: harmed };
  }
  const findings = against(arms, { effect, alpha });
  const better = findings.filter(({ low }) => low > 0);
  const best = better.sort((a, b) => b.difference - a.difference)[0];
  if (best) return { kind: "winner", finding: best };
  return { kind: findings.every(({ high }) => high < 0) ? "control" : "wait", findings };
}

function against(
  [control, ...challengers]: readonly Arm[],
  { effect, alpha }: { effect: number; alpha: number },
): Finding[] {
  return challengers.map((challenger) => ({
    variant: challenger.variant,
    // Several challengers are several chances to be wrong.
    ...compareArms(control!, challenger, { effect, alpha: alpha / challengers.length }),
  }));
}
