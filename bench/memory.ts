import { readdir, readFile } from "node:fs/promises";
import { platformStatus } from "../local/platform.ts";
import { report } from "./measure.ts";

// Memory of the platform and of each pod: proportional set size, so that shared pages count once.
const processes = await platformStatus();
if (processes.state === "stopped")
  throw new Error("the platform must run, found it stopped; run npm run up");
const platform = Object.fromEntries(
  processes.processes.map(({ name, memoryBytes }) => [name, mebibytes(memoryBytes)]),
);
const memoryOf = new Map<string, number>();
const nameOf = new Map<string, string>();
for (const pid of (await readdir("/proc")).filter((name) => /^\d+$/.test(name))) {
  const cgroup = await readFile(`/proc/${pid}/cgroup`, "utf8").catch(() => "");
  const pod = /kubepods.*\/pod([0-9a-f-]+)/.exec(cgroup)?.[1];
  if (!pod) continue;
  const rollup = await readFile(`/proc/${pid}/smaps_rollup`, "utf8").catch(() => "");
  const bytes = Number(/^Pss:\s+(\d+) kB$/m.exec(rollup)?.[1] ?? 0) * 1024;
  memoryOf.set(pod, (memoryOf.get(pod) ?? 0) + bytes);
  // Not every process of a pod keeps its environment; one is enough for the name.
  const environment = await readFile(`/proc/${pid}/environ`, "utf8").catch(() => "");
  const host = /(?:^|\0)HOSTNAME=([^\0]+)/.exec(environment)?.[1];
  if (host) nameOf.set(pod, host);
}
const pods = Object.fromEntries(
  [...memoryOf].map(([pod, bytes]) => [nameOf.get(pod) ?? pod, mebibytes(bytes)]),
);
const sum = (memory: Record<string, number>): number =>
  Object.values(memory).reduce((a, b) => a + b, 0);
report("memory", {
  platformMib: sum(platform),
  podsMib: sum(pods),
  totalMib: sum(platform) + sum(pods),
  platform,
  pods,
});

function mebibytes(bytes: number): number {
  return Math.round(bytes / 2 ** 20);
}
