import { mkdir, open, readFile } from "node:fs/promises";
import { dirname, join } from "node:path";
import { withLock } from "../../local/toolchain/lock.ts";
import type { ErasedText } from "../../services/collector/erased-text.ts";

/** What is kept of an erasure outside of the database: enough to erase again, nothing to read who it was. */
export interface NotedErasure {
  /** Row of the ledger that the erasure left: a database that has it was dumped after the erasure. */
  readonly id: string;
  readonly actor: string;
  /** When it was, as ISO 8601. */
  readonly erasedAt: string;
  readonly details: object;
  /** What digests are salted with, hexadecimal: the same in a database and in all backups of it. */
  readonly salt: string;
  /** Salted SHA-256 of `user:<id>` and `anonymous:<id>`, and of the digests by which refusals are known, hexadecimal. */
  readonly people: readonly string[];
  /** By what bad rows of theirs are known. */
  readonly texts: readonly ErasedText[];
}

/** File of the erasures, beside the backups in a folder: one JSON object a line, never changed. */
export function notedErasuresPath(backups: string): string {
  return join(backups, "erasures.ndjson");
}

/** Makes the file if there is none: that nobody was erased is then known. */
export async function beginNotes(backups: string): Promise<void> {
  await append(backups, "");
}

/** Keeps an erasure on disk for whatever backup is restored later. */
export async function noteErasure(backups: string, erasure: NotedErasure): Promise<void> {
  await append(backups, `${JSON.stringify(erasure)}\n`);
}

/**
 * The erasures noted beside the backups of a folder, oldest first.
 *
 * @throws Error if there is no file of them, or something else is in it.
 */
export async function notedErasures(backups: string): Promise<NotedErasure[]> {
  const path = notedErasuresPath(backups);
  const text = await readFile(path, "utf8").catch((error: Error) => {
    throw new Error(
      `${path} must tell who was erased after the backup, got: ${error.message}; copy it from where npm run erase ran, or make it empty if nobody was erased`,
      { cause: error },
    );
  });
  // What a kill tore off was never erased: the note comes before the commit.
  const lines = text
    .slice(0, text.lastIndexOf("\n") + 1)
    .split("\n")
    .slice(0, -1);
  return lines.map((line, index) => parsed(line, `${path}:${index + 1}`));
}

function parsed(line: string, place: string): NotedErasure {
  try {
    const erasure = JSON.parse(line) as NotedErasure;
    if (!erasure.id || !erasure.salt) throw new Error("no id or no salt");
    return erasure;
  } catch (error) {
    throw new Error(
      `${place} must be an erasure as npm run erase writes it, got ${JSON.stringify(line.slice(0, 80))}; take the file from a copy of the backups`,
      { cause: error },
    );
  }
}

async function append(backups: string, line: string): Promise<void> {
  const path = notedErasuresPath(backups);
  await mkdir(dirname(path), { recursive: true, mode: 0o700 });
  await withLock(
    `${path}.lock`,
    () => undefined,
    async () => {
      const file = await open(path, "a+", 0o600);
      try {
        const text = await file.readFile();
        const whole = text.lastIndexOf("\n") + 1;
        if (whole < text.length) await file.truncate(whole);
        await file.appendFile(line);
        await file.sync();
      } finally {
        await file.close();
      }
    },
  );
}
