import { open, readdir, stat, unlink } from "node:fs/promises";
import type { FileHandle } from "node:fs/promises";
import { join } from "node:path";

import { tornTailStart } from "./record.ts";

/** A file of the spool as found on disk. */
export interface SegmentOnDisk {
  /** Counts up from 1; its file name. */
  readonly number: number;
  /** Size in bytes. */
  readonly bytes: number;
}

const NAME = /^(\d{12})\.segment$/;

/** The segments in `folder`, oldest first. */
export async function listSegments(folder: string): Promise<SegmentOnDisk[]> {
  const numbers = (await readdir(folder))
    .map((name) => Number(NAME.exec(name)?.[1] ?? 0))
    .filter((number) => number > 0)
    .sort((a, b) => a - b);
  return Promise.all(
    numbers.map(async (number) => ({
      number,
      bytes: (await stat(segmentPath(folder, number))).size,
    })),
  );
}

/** Cuts off what a crash left half written at the end of a segment; returns the size left, in bytes. */
export async function cutTornTail(folder: string, number: number): Promise<number> {
  const file = await open(segmentPath(folder, number), "r+");
  try {
    const content = await file.readFile();
    const whole = tornTailStart(content);
    if (whole < content.length) {
      await file.truncate(whole);
      await file.sync();
    }
    return whole;
  } finally {
    await file.close();
  }
}

/**
 * Bytes `from` up to `to` of a segment: fewer if it is shorter, none if it is gone.
 *
 * @throws Error if the disk does not give them.
 */
export async function readSegment(
  folder: string,
  number: number,
  from: number,
  to: number,
): Promise<Buffer> {
  const file = await open(segmentPath(folder, number)).catch((error: NodeJS.ErrnoException) => {
    if (error.code !== "ENOENT") throw error;
  });
  if (file === undefined) return Buffer.alloc(0);
  try {
    const bytes = Buffer.allocUnsafe(to - from);
    let filled = 0;
    while (filled < bytes.length) {
      const { bytesRead } = await file.read(bytes, filled, bytes.length - filled, from + filled);
      if (bytesRead === 0) break;
      filled += bytesRead;
    }
    return bytes.subarray(0, filled);
  } finally {
    await file.close();
  }
}

/** Removes a segment; it may be gone already. */
export async function removeSegment(folder: string, number: number): Promise<void> {
  await unlink(segmentPath(folder, number)).catch((error: NodeJS.ErrnoException) => {
    if (error.code !== "ENOENT") throw error;
  });
}

/** The one segment that is written to. Not reentrant: one append at a time. */
export class OpenSegment {
  readonly number: number;
  /** When it was created, by the clock of `performance`, which does not jump. */
  readonly begunAt = performance.now();
  readonly #file: FileHandle;
  #bytes = 0;

  private constructor(number: number, file: FileHandle) {
    this.number = number;
    this.#file = file;
  }

  /** Creates an empty segment whose name survives a power cut. */
  static async create(folder: string, number: number): Promise<OpenSegment> {
    const file = await open(segmentPath(folder, number), "wx", 0o600);
    try {
      const directory = await open(folder);
      await directory.sync().finally(() => directory.close());
    } catch (error) {
      await file.close();
      await removeSegment(folder, number);
      throw error;
    }
    return new OpenSegment(number, file);
  }

  /** Bytes on stable storage. */
  get bytes(): number {
    return this.#bytes;
  }

  /**
   * Appends `content` and returns when it is on stable storage.
   *
   * @throws Error if the disk refuses (full, broken). Use the segment no further then: after a failed sync
   * nobody knows what a second one would cover.
   */
  async append(content: Buffer): Promise<void> {
    let done = 0;
    while (done < content.length) {
      const left = content.length - done;
      done += (await this.#file.write(content, done, left, this.#bytes + done)).bytesWritten;
    }
    await this.#file.datasync();
    this.#bytes += done;
  }

  /** Closes the file; cuts off first what a failed append left behind the last good one. */
  async close(): Promise<void> {
    await this.#file.truncate(this.#bytes).catch(() => undefined);
    await this.#file.close();
  }
}

function segmentPath(folder: string, number: number): string {
  return join(folder, `${String(number).padStart(12, "0")}.segment`);
}
