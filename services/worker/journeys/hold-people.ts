import type { Transaction } from "../transaction.ts";
import { ENTER_LOCK } from "./enter.ts";
import { SWEEP_LOCK } from "./sweep.ts";

/**
 * Has nobody become known, come into a journey or onto a suppression list by what came back until the transaction ends; what is
 * being written of that comes first. Nothing else may be locked yet.
 */
export async function holdPeople(transaction: Transaction): Promise<void> {
  // In the order of who follows the log and who sweeps, so that none of us waits for another in a ring.
  await transaction.query("select from profiles.progress for update");
  await transaction.query("select from campaigns.feedback_progress for update");
  for (const lock of [SWEEP_LOCK, ENTER_LOCK]) {
    await transaction.query("select pg_advisory_xact_lock($1)", [lock]);
  }
}
