import type { StackOutputs } from "../engine/outputs.ts";
import { changeNow } from "./change.ts";
import { tellLedger } from "./tell.ts";

/** How an environment was cared for. */
export interface Care {
  readonly kind: "backup" | "restore" | "restore-drill";
  readonly stack: string;
  readonly outcome: "succeeded" | "failed";
  /** Why it failed, or what else is to be known. */
  readonly reason?: string;
  /** When it began: what was written since then is not in it. @default - now */
  readonly begun?: Date;
}

/**
 * Keeps in the ledger that a backup was made, or put back, or restored to see that it can be.
 *
 * @param outputs of the stack; undefined if they are not known.
 * @returns a sentence about where it is kept.
 */
export async function recordCare(
  { kind, stack, outcome, reason, begun }: Care,
  outputs: Pick<StackOutputs, "ledgerUrl"> | undefined,
): Promise<string> {
  const details = { outcome, ...(reason !== undefined && { reason }) };
  const change = changeNow({ kind, environment: stack, subject: stack, details });
  const waits = await tellLedger(
    { ...change, ...(begun && { occurredAt: begun.toISOString() }) },
    outputs,
  );
  const where = waits === undefined ? "is in the ledger" : `waits for the database (${waits})`;
  return `The ${kind} of ${stack} that ${outcome} ${where}.`;
}

/**
 * Cares for an environment by `work`, and keeps in the ledger how that ended.
 *
 * @param care `reason` is what is to be known where it ended well.
 * @returns what `work` did, and a sentence about where that is kept.
 * @throws what `work` throws.
 */
export async function recordedCare<T>(
  care: Omit<Care, "outcome">,
  outputs: Pick<StackOutputs, "ledgerUrl"> | undefined,
  work: () => Promise<T>,
): Promise<{ readonly done: T; readonly said: string }> {
  let done: T;
  try {
    done = await work();
  } catch (error) {
    const { message: reason } = error as Error;
    await recordCare({ ...care, outcome: "failed", reason }, outputs);
    throw error;
  }
  return { done, said: await recordCare({ ...care, outcome: "succeeded" }, outputs) };
}
