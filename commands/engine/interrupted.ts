import { readdir, readFile } from "node:fs/promises";
import { hostname } from "node:os";
import { join } from "node:path";
import { statePath } from "../../local/paths.ts";
import { processesWhere, processWith } from "../../local/supervisor/process.ts";
import { monitoringOf, removeUnknownAlerts } from "./alerts.ts";
import { pulumiOutput } from "./pulumi.ts";
import type { StackSettings } from "./settings.ts";
import { readState, type PendingOperation, type StackState } from "./state.ts";

/** What the file backend writes into a lock. */
interface Lock {
  readonly pid: number;
  readonly hostname: string;
  readonly username: string;
  readonly timestamp: string;
}

/** A stack that no living process holds, and that no killed one left half-done. */
interface Recovered {
  readonly state: StackState;
  /** Whether something had to be cleared. */
  readonly isCleared: boolean;
}

/**
 * Clears what a killed `pulumi` left behind: its plugins, its lock, and operations that were in flight.
 *
 * @throws Error if a living process holds the stack.
 */
export async function recoverInterrupted(
  stack: string,
  environment: Record<string, string>,
  settings: StackSettings,
): Promise<Recovered> {
  const locks = await readLocks(stack);
  for (const lock of locks) {
    const isHere = lock.hostname === hostname();
    if (isHere && !(await isPulumi(lock.pid))) continue;
    // Whether a process of another machine lives is not to be seen from here.
    const otherwise = isHere
      ? ""
      : `; if that machine is gone: npm run pulumi -- cancel --yes --stack ${stack}`;
    throw new Error(
      `stack ${stack} is being changed by process ${lock.pid} of ${lock.username}@${lock.hostname} since ${lock.timestamp}; wait until it has ended${otherwise}`,
    );
  }
  await endOrphans(environment);
  if (locks.length > 0) {
    await pulumiOutput(["cancel", "--yes", "--stack", stack], environment);
  }
  const found = await readState(stack, environment);
  if (found.pending.length === 0) return { state: found, isCleared: locks.length > 0 };
  requireFindable(stack, found.pending);
  await pulumiOutput(
    ["refresh", "--yes", "--skip-preview", "--clear-pending-creates", "--stack", stack],
    environment,
  );
  const state = await readState(stack, environment);
  const known = state.resources.map(({ id }) => id ?? "");
  await removeUnknownAlerts(stack, new Set(known), await monitoringOf(stack, settings));
  return { state, isCleared: true };
}

/**
 * Checks that nothing was being created that the next update would neither adopt nor find.
 *
 * It adopts objects of Kubernetes and images, because it applies the one and names the other by content; what
 * Cloud Monitoring holds is found by its labels. Google Cloud refuses a second one of everything else.
 *
 * @throws Error naming each such resource, and how to give it back to the stack.
 */
export function requireFindable(stack: string, pending: readonly PendingOperation[]): void {
  const lost = pending.filter(
    ({ type, resource }) =>
      type === "creating" &&
      /^gcp:(?!monitoring\/(alertPolicy|notificationChannel|customService|slo|dashboard|uptimeCheckConfig):)/.test(
        resource.type,
      ),
  );
  if (lost.length === 0) return;
  const flags = lost.map(
    ({ resource }) => `--import-pending-creates '${resource.urn}' --import-pending-creates ID`,
  );
  throw new Error(
    `stack ${stack} was being created when the engine was killed: ${lost.map(({ resource }) => resource.type).join(", ")}; look at Google Cloud whether it is there. If it is: npm run pulumi -- refresh --stack ${stack} ${flags.join(" ")}; if not: npm run pulumi -- refresh --stack ${stack} --clear-pending-creates`,
  );
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

/**
 * Ends plugins whose engine was killed: providers would go on with what they had begun, beside the next update, and policy packs
 * log their loss for ever, each with a core and gigabytes in the end.
 */
async function endOrphans(environment: Record<string, string>): Promise<void> {
  const home = environment.PULUMI_HOME!;
  for (const { pid } of await processesWhere((line) => isPlugin(line, home))) {
    const environ = await readFile(`/proc/${pid}/environ`, "utf8").catch(() => "");
    const isOurs = environ.split("\0").includes(`PULUMI_HOME=${home}`);
    if (isOurs && !(await hasEngine(pid))) kill(pid);
  }
}

function kill(pid: number): void {
  try {
    process.kill(pid, "SIGKILL");
  } catch (error) {
    // It may have ended with the one that began it.
    if ((error as NodeJS.ErrnoException).code !== "ESRCH") throw error;
  }
}

/** Whether a command line is that of a provider, of a language host, or of a policy pack. */
function isPlugin([program = "", script = ""]: readonly string[], home: string): boolean {
  return (
    program.startsWith(`${home}/plugins/`) ||
    program.endsWith("/pulumi-language-nodejs") ||
    script.endsWith("/@pulumi/pulumi/cmd/run-plugin/index.js")
  );
}

/** Whether a process, or the one that began it and so on, was begun by an engine that lives. */
async function hasEngine(pid: number): Promise<boolean> {
  const status = await readFile(`/proc/${pid}/status`, "utf8").catch(() => "");
  const parent = Number(/^PPid:\s+(\d+)$/m.exec(status)?.[1] ?? 0);
  return parent > 1 && ((await isPulumi(parent)) || (await hasEngine(parent)));
}

async function isPulumi(pid: number): Promise<boolean> {
  // A zombie has a name too.
  if (!(await processWith(pid))) return false;
  const name = await readFile(`/proc/${pid}/comm`, "utf8").catch(() => "");
  return name.trim() === "pulumi";
}
