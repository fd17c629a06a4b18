import { readdir, readFile } from "node:fs/promises";
import { hostname } from "node:os";
import { join } from "node:path";
import { statePath } from "../../local/paths.ts";
import { processesWhere, processWith } from "../../local/supervisor/process.ts";
import { pulumiOutput } from "./pulumi.ts";

/** What the file backend writes into a lock. */
interface Lock {
  readonly pid: number;
  readonly hostname: string;
  readonly username: string;
  readonly timestamp: string;
}

/**
 * Clears what a killed `pulumi` left behind: its plugins, its lock, and operations that were in flight.
 *
 * @returns true if something was cleared.
 * @throws Error if a living process holds the stack.
 */
export async function recoverInterrupted(
  stack: string,
  environment: Record<string, string>,
): Promise<boolean> {
  const locks = await readLocks(stack);
  for (const lock of locks) {
    if (lock.hostname !== hostname() || (await isPulumi(lock.pid))) {
      throw new Error(
        `stack ${stack} is being changed by process ${lock.pid} of ${lock.username}@${lock.hostname} since ${lock.timestamp}; wait until it has ended`,
      );
    }
  }
  if (locks.length > 0) {
    await endOrphans(environment);
    await pulumiOutput(["cancel", "--yes", "--stack", stack], environment);
  }
  const state = await pulumiOutput(["stack", "export", "--stack", stack], environment);
  const pending = (JSON.parse(state) as { deployment: { pending_operations?: unknown[] } })
    .deployment.pending_operations;
  if (pending?.length) {
    await pulumiOutput(
      ["refresh", "--yes", "--skip-preview", "--clear-pending-creates", "--stack", stack],
      environment,
    );
  }
  return locks.length > 0 || Boolean(pending?.length);
}

async function readLocks(stack: string): Promise<Lock[]> {
  const folder = join(
    statePath,
    "pulumi",
    ".pulumi",
    "locks",
    "organization",
    "marketing-stack",
    stack,
  );
  const names = await readdir(folder).catch(() => []);
  const locks = names.filter((name) => name.endsWith(".json"));
  return Promise.all(
    locks.map(async (name) => JSON.parse(await readFile(join(folder, name), "utf8")) as Lock),
  );
}

/** Ends plugins whose engine was killed: they would go on with what they had begun, beside the next update. */
async function endOrphans(environment: Record<string, string>): Promise<void> {
  const ours = (program: string | undefined): boolean =>
    program !== undefined &&
    (program.startsWith(`${environment.PULUMI_HOME}/plugins/`) ||
      program.endsWith("/pulumi-language-nodejs"));
  for (const { pid } of await processesWhere(([program]) => ours(program))) {
    const status = await readFile(`/proc/${pid}/status`, "utf8").catch(() => "");
    const parent = Number(/^PPid:\s+(\d+)$/m.exec(status)?.[1] ?? 0);
    if (parent > 0 && !(await isPulumi(parent))) process.kill(pid, "SIGKILL");
  }
}

async function isPulumi(pid: number): Promise<boolean> {
  // A zombie has a name too.
  if (!(await processWith(pid))) return false;
  const name = await readFile(`/proc/${pid}/comm`, "utf8").catch(() => "");
  return name.trim() === "pulumi";
}
