import { closeSync, constants, openSync, writeSync } from "node:fs";
import { readFile } from "node:fs/promises";
import { join } from "node:path";

/** Offset of runit's clock (TAI64) from seconds since 1970. */
const TAI_OFFSET = 4_611_686_018_427_387_914n;

/** What runit knows of one service. */
export interface RunitStatus {
  readonly state: "down" | "run" | "finish";
  /** 0 when nothing runs. */
  readonly pid: number;
  /** Milliseconds since 1970 of the last change. */
  readonly since: number;
}

/**
 * The content of runit's `supervise/status`, read.
 *
 * @throws Error if it is not 20 bytes.
 */
export function parseRunitStatus(status: Buffer): RunitStatus {
  if (status.length !== 20)
    throw new Error(`runit's status must be 20 bytes, got ${status.length}`);
  return {
    state: (["down", "run", "finish"] as const)[status[19]!] ?? "down",
    pid: status.readUInt32LE(12),
    since:
      Number(status.readBigUInt64BE(0) - TAI_OFFSET) * 1000 +
      Math.round(status.readUInt32BE(8) / 1e6),
  };
}

/** The status of the service in `folder`; undefined while nobody supervises it. */
export async function runitStatus(folder: string): Promise<RunitStatus | undefined> {
  if (!isSupervised(folder)) return undefined;
  // A file of another length is being written at this moment.
  for (;;) {
    const status = await readFile(join(folder, "supervise/status")).catch(() => undefined);
    if (!status) return undefined;
    if (status.length === 20) return parseRunitStatus(status);
  }
}

/** Whether a `runsv` is at work in `folder`: it holds the reading end of a pipe there. */
export function isSupervised(folder: string): boolean {
  return write(join(folder, "supervise/ok"), "");
}

/**
 * Tells the `runsv` of `folder`: `u` keep the process up, `d` keep it down, `t` end it (it is started again), `k` kill
 * it, `x` end it and leave.
 */
export function control(folder: string, order: "u" | "d" | "t" | "k" | "x"): boolean {
  return write(join(folder, "supervise/control"), order);
}

function write(pipe: string, text: string): boolean {
  try {
    const descriptor = openSync(pipe, constants.O_WRONLY | constants.O_NONBLOCK);
    try {
      if (text) writeSync(descriptor, text);
    } finally {
      closeSync(descriptor);
    }
    return true;
  } catch (error) {
    // ENOENT: never started; ENXIO: nobody reads.
    if (["ENOENT", "ENXIO"].includes((error as NodeJS.ErrnoException).code ?? "")) return false;
    throw error;
  }
}
