import { spawn } from "node:child_process";
import { readdir, readFile } from "node:fs/promises";
import { clonePath } from "../local/paths.ts";

/** One run of a program, seen from outside. */
export interface Run {
  readonly seconds: number;
  /** Highest sum of resident memory of the process and all below it, in MiB, sampled each 50 ms. */
  readonly peakMib: number;
  readonly output: string;
}

/**
 * Runs a program to its end and measures it.
 *
 * @throws Error with its output if it ends with another status than 0.
 */
export async function measure(
  program: string,
  args: readonly string[],
  options: { cwd?: string; environment?: Record<string, string> } = {},
): Promise<Run> {
  const begun = performance.now();
  const child = spawn(program, args, {
    cwd: options.cwd ?? clonePath,
    env: { ...process.env, ...options.environment },
    stdio: ["ignore", "pipe", "pipe"],
  });
  let output = "";
  for (const stream of [child.stdout, child.stderr]) {
    stream.setEncoding("utf8").on("data", (text: string) => (output += text));
  }
  let peak = 0;
  const timer = setInterval(() => {
    void residentBelow(child.pid!).then((kib) => (peak = Math.max(peak, kib)));
  }, 50);
  const code = await new Promise<number | null>((resolve, reject) => {
    child.on("error", reject);
    child.on("close", resolve);
  });
  clearInterval(timer);
  if (code !== 0)
    throw new Error(
      `${program} ${args.join(" ")} ended with status ${code}\n${output.slice(-4000)}`,
    );
  return {
    seconds: round((performance.now() - begun) / 1000),
    peakMib: Math.round(peak / 1024),
    output,
  };
}

/** Runs `a` and `b` in turn, `pairs` times, after one run of each that is not counted. */
export async function interleaved<T>(
  pairs: number,
  a: () => Promise<T>,
  b: () => Promise<T>,
): Promise<{ a: T[]; b: T[] }> {
  await a();
  await b();
  const results: { a: T[]; b: T[] } = { a: [], b: [] };
  for (let pair = 0; pair < pairs; pair += 1) {
    results.a.push(await a());
    results.b.push(await b());
  }
  return results;
}

/** Median of at least one number, two decimals. */
export function median(numbers: readonly number[]): number {
  const sorted = [...numbers].sort((x, y) => x - y);
  const middle = Math.floor(sorted.length / 2);
  return round(
    sorted.length % 2 === 1 ? sorted[middle]! : (sorted[middle - 1]! + sorted[middle]!) / 2,
  );
}

/** Two decimals. */
export function round(number: number): number {
  return Math.round(number * 100) / 100;
}

/** Prints the one line of JSON of a measure. */
export function report(measureName: string, figures: object): void {
  process.stdout.write(`${JSON.stringify({ measure: measureName, ...figures })}\n`);
}

/** Resident memory of a process and all below it, in KiB; 0 once it is gone. */
async function residentBelow(root: number): Promise<number> {
  const parents = new Map<number, number>();
  const resident = new Map<number, number>();
  for (const name of await readdir("/proc")) {
    if (!/^\d+$/.test(name)) continue;
    const status = await readFile(`/proc/${name}/status`, "utf8").catch(() => "");
    parents.set(Number(name), Number(/^PPid:\s+(\d+)/m.exec(status)?.[1] ?? 0));
    resident.set(Number(name), Number(/^VmRSS:\s+(\d+)/m.exec(status)?.[1] ?? 0));
  }
  const isBelow = (pid: number): boolean =>
    pid === root || (pid > 1 && isBelow(parents.get(pid) ?? 0));
  return [...resident].reduce((sum, [pid, kib]) => (isBelow(pid) ? sum + kib : sum), 0);
}
