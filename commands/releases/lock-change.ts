import { readFile, rm } from "node:fs/promises";
import { join } from "node:path";
import { statePath } from "../../local/paths.ts";
import { withLock } from "../../local/toolchain/lock.ts";
import { lockText, readLock, type ReleaseLock } from "../../stacks/release-lock.ts";
import type { Change } from "../ledger/change.ts";
import { recordChange } from "../ledger/outbox.ts";
import { releasesFolder } from "./verification.ts";
import { writeWhole } from "../../local/write-whole.ts";

/** What a lock becomes, and what the ledger says of it. */
export interface LockChange {
  readonly lock: ReleaseLock;
  readonly change: Change;
}

/**
 * Changes the release that an environment runs: `decide` gets the present lock and says what comes, all while no other
 * command of this machine changes the same environment.
 *
 * The file of the lock is replaced in one step. Killed before it, nothing happened; killed after it, the next command that
 * comes here records what happened.
 *
 * @param decide returns undefined to leave everything as it is, and throws to refuse.
 * @throws whatever `decide` throws.
 */
export async function changeLock(
  environment: string,
  decide: (current: ReleaseLock | undefined) => Promise<LockChange | undefined>,
  folder = releasesFolder,
): Promise<void> {
  const tell = (): void => {
    process.stderr.write(`… waiting for another promotion or rollback of ${environment}\n`);
  };
  await withLock(join(statePath, "stacks", environment, "release.lock"), tell, async () => {
    await finishInterrupted(environment, folder);
    const next = await decide(readLock(environment, folder));
    if (!next) return;
    await writeWhole(intentPath(environment), JSON.stringify(next));
    await writeWhole(join(folder, `${environment}.lock.json`), lockText(next.lock));
    await finishInterrupted(environment, folder);
  });
}

/** Records a change of the lock that was written, and forgets one that was not. */
async function finishInterrupted(environment: string, folder: string): Promise<void> {
  const path = intentPath(environment);
  const text = await readFile(path, "utf8").catch(() => undefined);
  if (text === undefined) return;
  const { lock, change } = JSON.parse(text) as LockChange;
  const current = readLock(environment, folder);
  if (current && lockText(current) === lockText(lock)) await recordChange(change);
  await rm(path, { force: true });
}

function intentPath(environment: string): string {
  return join(statePath, "stacks", environment, "lock-intent.json");
}
