import { spawn } from "node:child_process";
import { once } from "node:events";
import { openSync } from "node:fs";
import { mkdir } from "node:fs/promises";
import { join } from "node:path";

/** Status of `flock --nonblock` for a file that another one has locked. */
const HELD = 1;

/**
 * Takes a folder for this process alone, for as long as it lives; waits until another one that has it has ended.
 *
 * The kernel keeps the lock with the open file and frees it however the process ends. Node cannot lock files, so
 * `flock` of util-linux locks the one that it inherits, and ends.
 *
 * @param folder created if it is not there.
 * @param onWait told if another process has it.
 * @throws Error if it cannot be locked.
 */
export async function lockFolder(folder: string, onWait: () => void): Promise<void> {
  await mkdir(folder, { recursive: true, mode: 0o700 });
  const path = join(folder, "lock");
  // Never closed. A FileHandle would be, once it is collected as garbage.
  const file = openSync(path, "a", 0o600);
  let status = await flock(file, ["--nonblock"]);
  if (status === HELD) {
    onWait();
    status = await flock(file, []);
  }
  if (status !== 0) throw new Error(`flock must lock ${path}, got status ${status}`);
}

/** Exit status of `flock` for an open file. */
async function flock(file: number, options: readonly string[]): Promise<number | null> {
  const locking = spawn("flock", ["--exclusive", ...options, "3"], {
    stdio: ["ignore", "ignore", "inherit", file],
  });
  const [status] = (await once(locking, "exit")) as [number | null];
  return status;
}
