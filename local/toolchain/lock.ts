import { spawn } from "node:child_process";
import { mkdirSync } from "node:fs";
import { dirname } from "node:path";

/** How long a lock is waited for before the wait is told, in milliseconds. */
const TOLD_AFTER = 500;

/**
 * Runs `work` while no other process on this machine holds the lock at `path`.
 *
 * The kernel holds the lock for a helper process that lives as long as this one: a killed holder leaves none behind.
 *
 * @throws whatever `work` throws, or an Error if the lock cannot be taken.
 */
export async function withLock<T>(
  path: string,
  onWait: () => void,
  work: () => Promise<T>,
): Promise<T> {
  mkdirSync(dirname(path), { recursive: true, mode: 0o700 });
  const holder = spawn("flock", ["--exclusive", path, "sh", "-c", "echo held; exec cat"], {
    stdio: ["pipe", "pipe", "inherit"],
  });
  const told = setTimeout(onWait, TOLD_AFTER);
  try {
    await new Promise<void>((resolve, reject) => {
      holder.on("error", reject);
      holder.on("exit", (code) => reject(new Error(`flock must lock ${path}, got status ${code}`)));
      holder.stdout.once("data", () => resolve());
    });
    clearTimeout(told);
    return await work();
  } finally {
    clearTimeout(told);
    const released = new Promise((resolve) => holder.on("close", resolve));
    holder.stdin.end();
    if (holder.exitCode === null && holder.pid !== undefined) await released;
  }
}
