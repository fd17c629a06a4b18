import { execFile } from "node:child_process";
import { readFile, readdir, readlink, rm, rmdir } from "node:fs/promises";
import { join } from "node:path";
import { promisify } from "node:util";
import { statePath } from "../paths.ts";
import { isAlive, processesWhere } from "../supervisor/process.ts";
import { waitFor } from "../wait.ts";
import { containerdSocket, runPath } from "./plan.ts";

/**
 * Removes what containers leave behind when containerd is gone: shims with the processes of their containers, and
 * mounts below the platform's state. The node, its pods and their data stay as the API server knows them.
 */
export async function removeLeftovers(): Promise<void> {
  await endShims();
  await unmountAll(statePath);
  await rm(join(runPath, "containerd"), { recursive: true, force: true });
  await removeCgroups();
}

/** Removes the links to pods' logs that every kubelet leaves in one folder of the machine. */
export async function removeLogLinks(): Promise<void> {
  const folder = "/var/log/containers";
  for (const name of await readdir(folder).catch(() => [])) {
    const target = await readlink(join(folder, name)).catch(() => "");
    if (target.startsWith(`${statePath}/`)) await rm(join(folder, name), { force: true });
  }
}

/** Mount points at or below `folder`, deepest first, from the text of `/proc/self/mountinfo`. */
export function mountPointsBelow(folder: string, mountinfo: string): string[] {
  return mountinfo
    .split("\n")
    .flatMap((line) => line.split(" ")[4] ?? [])
    .map((path) =>
      path.replace(/\\([0-7]{3})/g, (_, octal: string) => String.fromCharCode(parseInt(octal, 8))),
    )
    .filter((path) => path === folder || path.startsWith(`${folder}/`))
    .reverse();
}

/**
 * Unmounts all below `folder`, so that nothing that is mounted there can be removed with it.
 *
 * @throws Error naming what stays mounted.
 */
export async function unmountAll(folder: string): Promise<void> {
  const mounted = async (): Promise<string[]> =>
    mountPointsBelow(folder, await readFile("/proc/self/mountinfo", "utf8"));
  for (const path of await mounted())
    await promisify(execFile)("umount", ["--lazy", path]).catch(() => undefined);
  const left = await mounted();
  if (left.length > 0)
    throw new Error(`all below ${folder} must be unmounted, got ${left.join(", ")}; see fuser -m`);
}

/** Ends the shims of our containerd with all that runs in their containers. */
async function endShims(): Promise<void> {
  const shims = await processesWhere(
    ([program = "", ...args]) =>
      program.includes("containerd-shim") && args.includes(containerdSocket),
  );
  const doomed = [...shims, ...(await descendants(shims.map(({ pid }) => pid)))];
  for (const { pid } of doomed) {
    try {
      process.kill(pid, "SIGKILL");
    } catch {
      // Gone already.
    }
  }
  await waitFor("end of the containers", 20, async () => {
    const alive = await Promise.all(doomed.map(isAlive));
    return !alive.includes(true) || undefined;
  });
}

async function descendants(
  pids: readonly number[],
): Promise<Awaited<ReturnType<typeof processesWhere>>> {
  const all = await processesWhere(() => true);
  const parents = new Map<number, number>();
  for (const { pid } of all) {
    const stat = await readFile(`/proc/${pid}/stat`, "utf8").catch(() => "");
    parents.set(pid, Number(stat.slice(stat.lastIndexOf(")") + 2).split(" ")[1]));
  }
  const isBelow = (pid: number | undefined): boolean =>
    pid !== undefined && pid > 1 && (pids.includes(pid) || isBelow(parents.get(pid)));
  return all.filter(({ pid }) => !pids.includes(pid) && isBelow(parents.get(pid)));
}

/** Removes the empty groups of the kubelet's pods and of builds; a group with a process stays. */
async function removeCgroups(): Promise<void> {
  const root = "/sys/fs/cgroup";
  const controllers = await readdir(root).catch(() => []);
  for (const top of [root, ...controllers.map((name) => join(root, name))]) {
    await removeGroup(join(top, "kubepods"));
    await removeGroup(join(top, "marketing-stack"));
  }
}

async function removeGroup(folder: string): Promise<void> {
  const entries = await readdir(folder, { withFileTypes: true }).catch(() => []);
  for (const entry of entries) if (entry.isDirectory()) await removeGroup(join(folder, entry.name));
  await rmdir(folder).catch(() => undefined);
}
