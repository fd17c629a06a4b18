import type { GateCheck, Gates } from "../../stacks/gates.ts";
import { judge, type Judgement, type Reading } from "./judge.ts";

/** Seconds between two readings: that of the local Prometheus' scrapes. */
const INTERVAL = 5;

/** Tells what a check has now. */
export type Read = (check: GateCheck) => Promise<Omit<Reading, "check">>;

/** A step that was let through, or the reason why not. */
export type Verdict = Exclude<Judgement, { kind: "watching" }>;

/**
 * Watches a step until it may go on or has failed. Goes by a clock that only runs forward: setting the machine's clock
 * neither passes a gate nor fails it.
 *
 * @param read may fail now and then; not for the whole budget.
 * @throws what `read` throws once the budget is spent.
 */
export async function watchStep(
  checks: readonly GateCheck[],
  gates: Gates,
  read: Read,
  detail: (text: string) => void,
): Promise<Verdict> {
  const begun = performance.now();
  let enoughSince: number | undefined;
  for (;;) {
    const elapsed = seconds(begun);
    const readings = await Promise.all(
      checks.map(async (check) => ({ check, ...(await read(check)) })),
    ).catch((error: Error) => {
      if (elapsed >= gates.budgetSeconds) throw error;
      detail(error.message);
      return undefined;
    });
    if (readings) {
      const enough = enoughSince === undefined ? undefined : seconds(enoughSince);
      const verdict = judge(readings, gates, { elapsed, enough });
      if (verdict.kind !== "watching") return verdict;
      detail(verdict.reason);
      enoughSince = verdict.hasEnough ? (enoughSince ?? performance.now()) : undefined;
    }
    await new Promise((wake) => setTimeout(wake, INTERVAL * 1000));
  }
}

function seconds(since: number): number {
  return (performance.now() - since) / 1000;
}
