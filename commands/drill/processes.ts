import { readdir, readFile, readlink } from "node:fs/promises";
import { basename } from "node:path";
import type { Stage } from "./stage.ts";

/** A process of this machine. */
export interface FoundProcess {
  readonly pid: number;
  readonly isStopped: boolean;
}

/**
 * Processes of a pod that run `program`; its containers run on this machine.
 *
 * @param podId UID of the pod.
 * @param program name of its file: a process may call itself something else, as Node does.
 */
export async function processesOf(podId: string, program: string): Promise<FoundProcess[]> {
  const found: FoundProcess[] = [];
  for (const name of await readdir("/proc")) {
    if (!/^\d+$/.test(name)) continue;
    // A process may end while it is looked at.
    const file = await readlink(`/proc/${name}/exe`).catch(() => "");
    if (basename(file) !== program) continue;
    const group = await readFile(`/proc/${name}/cgroup`, "utf8").catch(() => "");
    if (!group.includes(`pod${podId}`)) continue;
    const stat = await readFile(`/proc/${name}/stat`, "utf8").catch(() => "");
    const [, state] = /^\d+ \(.*\) (\S)/s.exec(stat) ?? [];
    found.push({ pid: Number(name), isStopped: state === "T" });
  }
  return found;
}

/** UID of a pod, by which its processes are known; it stays when a container is replaced. */
export async function podIdOf({ kubectl }: Stage, pod: string): Promise<string> {
  return kubectl("get", "pod", pod, "--output=jsonpath={.metadata.uid}");
}

/** Signals a process that may have ended. */
export function signal(pid: number, name: "SIGSTOP" | "SIGCONT" | "SIGKILL"): void {
  try {
    process.kill(pid, name);
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code !== "ESRCH") throw error;
  }
}
