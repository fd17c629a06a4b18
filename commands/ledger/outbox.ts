import { mkdir, open, readFile, rm } from "node:fs/promises";
import { dirname, join } from "node:path";
import { statePath } from "../../local/paths.ts";
import { withLock } from "../../local/toolchain/lock.ts";
import { writeWhole } from "../../local/write-whole.ts";
import type { Change } from "./change.ts";

/** File of the changes of an environment that its database has not yet: one JSON object a line. */
export function outboxPath(environment: string): string {
  return join(statePath, "stacks", environment, "outbox.ndjson");
}

/** Keeps a change on disk until the database has it; needs nothing but the disk. */
export async function recordChange(change: Change): Promise<void> {
  const path = outboxPath(change.environment);
  await locked(path, async () => {
    await mkdir(dirname(path), { recursive: true, mode: 0o700 });
    const file = await open(path, "a+", 0o600);
    try {
      const text = await file.readFile("utf8");
      // What a kill tore off stays a line of its own, which nobody can read.
      const torn = text !== "" && !text.endsWith("\n");
      await file.appendFile(`${torn ? "\n" : ""}${JSON.stringify(change)}\n`);
      await file.datasync();
    } finally {
      await file.close();
    }
  });
}

/** The changes that wait, oldest first. */
export async function waitingChanges(environment: string): Promise<Change[]> {
  const text = await readFile(outboxPath(environment), "utf8").catch(() => "");
  return text.split("\n").flatMap(parsed);
}

/**
 * Hands the waiting changes to `store` and forgets them once it has them.
 *
 * Killed in between, it hands them over again: `store` must take one that it has already for done.
 *
 * @returns how many there were.
 * @throws whatever `store` throws; the changes wait on then.
 */
export async function drainOutbox(
  environment: string,
  store: (changes: readonly Change[]) => Promise<void>,
): Promise<number> {
  const path = outboxPath(environment);
  const changes = await waitingChanges(environment);
  if (changes.length === 0) return 0;
  await store(changes);
  const stored = new Set(changes.map(({ id }) => id));
  await locked(path, async () => {
    const rest = (await waitingChanges(environment)).filter(({ id }) => !stored.has(id));
    if (rest.length === 0) await rm(path, { force: true });
    else await writeWhole(path, rest.map((change) => `${JSON.stringify(change)}\n`).join(""));
  });
  return changes.length;
}

function locked<T>(path: string, work: () => Promise<T>): Promise<T> {
  return withLock(`${path}.lock`, () => undefined, work);
}

function parsed(line: string): Change[] {
  if (line === "") return [];
  try {
    return [JSON.parse(line) as Change];
  } catch {
    return [];
  }
}
