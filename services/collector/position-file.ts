import { readFile, rename, writeFile } from "node:fs/promises";
import { join } from "node:path";

/** A place in the spool: all before it is drained. */
export interface Position {
  /** Number of a segment. */
  readonly segment: number;
  /** Offset in it, in bytes. */
  readonly offset: number;
}

const NAME = "position.json";

/**
 * The position last saved in `folder`; undefined if there is none or it is not readable.
 *
 * It may be older than the truth, never newer: draining twice is harmless, since rows have keys.
 */
export async function loadPosition(folder: string): Promise<Position | undefined> {
  try {
    const { segment, offset } = JSON.parse(await readFile(join(folder, NAME), "utf8")) as Position;
    if (Number.isSafeInteger(segment) && Number.isSafeInteger(offset) && offset >= 0) {
      return { segment, offset };
    }
  } catch {
    // Not there yet, or cut short by a power failure: the caller starts with the oldest segment.
  }
  return undefined;
}

/** Saves `position`; a crash leaves the one before or this one. Not synced, see {@link loadPosition}. */
export async function savePosition(folder: string, position: Position): Promise<void> {
  const next = join(folder, `${NAME}.next`);
  await writeFile(next, JSON.stringify(position), { mode: 0o600 });
  await rename(next, join(folder, NAME));
}
