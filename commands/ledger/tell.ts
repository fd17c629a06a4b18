import type { StackOutputs } from "../engine/outputs.ts";
import type { Change } from "./change.ts";
import { drainIntoDatabase } from "./drain.ts";
import { recordChange } from "./outbox.ts";

/**
 * Keeps a change, in the ledger if its database can be reached now.
 *
 * @param outputs of the stack; undefined if it is not deployed.
 * @returns why the change waits on this machine, for the next `up`; undefined if the ledger has it.
 */
export async function tellLedger(
  change: Change,
  outputs: Pick<StackOutputs, "ledgerUrl"> | undefined,
): Promise<string | undefined> {
  await recordChange(change);
  const url = outputs?.ledgerUrl;
  if (!url) return "it is not reached from this machine";
  return drainIntoDatabase(change.environment, url).then(
    () => undefined,
    (error: Error) => error.message || String(error),
  );
}
