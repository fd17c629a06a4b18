import { readdir, readFile } from "node:fs/promises";
import type { Stage } from "./stage.ts";

/** A process of this machine. */
export interface FoundProcess {
  readonly pid: number;
  readonly isStopped: boolean;
}

/**
 * Processes called `command` in a pod; its containers run on this machine.
 *
 * @param podId UID of the pod.
 */
export async function processesOf(podId: string, command: string): Promise<FoundProcess[]> {
  const found: FoundProcess[] = [];
  for (const name of await readdir("/proc")) {
    if (!/^\d+$/.test(name)) continue;
    // A process may end while it is looked at.
    const stat = await readFile(`/proc/${name}/stat`, "utf8").catch(() => "");
    const [, called, state] = /^\d+ \((.*)\) (\S)/s.exec(stat) ?? [];
    if (called !== command) continue;
    const group = await readFile(`/proc/${name}/cgroup`, "utf8").catch(() => "");
    if (group.includes(`pod${podId}`)) found.push({ pid: Number(name), isStopped: state === "T" });
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
