import { spawn } from "node:child_process";
import { mkdirSync } from "node:fs";
import { readFile, writeFile } from "node:fs/promises";
import { dirname } from "node:path";

/** How long a lock is waited for before the wait is told, in milliseconds. */
const TOLD_AFTER = 500;

/** Status by which flock says that another process holds the lock. */
const IS_HELD = 75;

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
  const told = setTimeout(onWait, TOLD_AFTER);
  const release = await take(path, []).finally(() => clearTimeout(told));
  try {
    return await work();
  } finally {
    await release?.();
  }
}

/**
 * Runs `work` under the lock at `path` as {@link withLock}, but waits for nobody.
 *
 * @param note what the lock's file says of its holder from then on.
 * @param heldBy the error to throw where another process holds the lock, made of that one's note; "" where it has none yet.
 * @throws what `heldBy` makes, whatever `work` throws, or an Error if the lock cannot be taken.
 */
export async function withFreeLock<T>(
  path: string,
  { note, heldBy }: { note: string; heldBy: (note: string) => Error },
  work: () => Promise<T>,
): Promise<T> {
  const release = await take(path, ["--nonblock", `--conflict-exit-code=${IS_HELD}`]);
  // A holder that removes the folder of its lock has come to its end.
  if (!release) throw heldBy(await readFile(path, "utf8").catch(() => ""));
  try {
    // In place: the lock is on this very file.
    await writeFile(path, note);
    return await work();
  } finally {
    await release();
  }
}

/** Takes a lock; what gives it back, or undefined where another process holds it and flock is not to wait. */
async function take(
  path: string,
  options: readonly string[],
): Promise<(() => Promise<void>) | undefined> {
  mkdirSync(dirname(path), { recursive: true, mode: 0o700 });
  const holder = spawn(
    "flock",
    ["--exclusive", ...options, path, "sh", "-c", "echo held; exec cat"],
    {
      // Ctrl-C is for the holder of the lock, which may have something to do still before it gives the lock back.
      detached: true,
      stdio: ["pipe", "pipe", "inherit"],
    },
  );
  const closed = new Promise((resolve) => holder.on("close", resolve));
  const isTaken = await new Promise<boolean>((resolve, reject) => {
    holder.on("error", reject);
    holder.on("exit", (code) =>
      code === IS_HELD
        ? resolve(false)
        : reject(new Error(`flock must lock ${path}, got status ${code}`)),
    );
    holder.stdout.once("data", () => resolve(true));
  });
  if (!isTaken) return undefined;
  return async () => {
    holder.stdin.end();
    await closed;
  };
}
