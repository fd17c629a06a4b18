import { readFile, readdir } from "node:fs/promises";

/** A process of this boot: ids are used again, the pair is not. */
export interface ProcessId {
  readonly pid: number;
  /** Clock ticks from boot to its start. */
  readonly startedAt: number;
}

/** The process that has `pid` now, if there is one that is not a zombie. */
export async function processWith(pid: number): Promise<ProcessId | undefined> {
  const stat = await readFile(`/proc/${pid}/stat`, "utf8").catch(() => undefined);
  // The second field is the program's name in parentheses and may contain anything.
  const fields = stat?.slice(stat.lastIndexOf(")") + 2).split(" ");
  if (!fields || fields[0] === "Z") return undefined;
  return { pid, startedAt: Number(fields[19]) };
}

/** Whether that very process still lives. */
export async function isAlive(process: ProcessId): Promise<boolean> {
  return (await processWith(process.pid))?.startedAt === process.startedAt;
}

/** Memory of a process in bytes, shared pages counted in proportion; 0 when it is gone. */
export async function memoryOf(pid: number): Promise<number> {
  const rollup = await readFile(`/proc/${pid}/smaps_rollup`, "utf8").catch(() => "");
  return Number(/^Pss:\s+(\d+) kB$/m.exec(rollup)?.[1] ?? 0) * 1024;
}

/** All processes whose command line satisfies `matches`. */
export async function processesWhere(
  matches: (commandLine: readonly string[]) => boolean,
): Promise<ProcessId[]> {
  const pids = (await readdir("/proc")).filter((name) => /^\d+$/.test(name)).map(Number);
  const found = await Promise.all(
    pids.map(async (pid) => {
      const text = await readFile(`/proc/${pid}/cmdline`, "utf8").catch(() => "");
      return text && matches(text.split("\0").slice(0, -1)) ? processWith(pid) : undefined;
    }),
  );
  return found.filter((process) => process !== undefined);
}
