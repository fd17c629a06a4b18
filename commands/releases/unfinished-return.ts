import { readFile, rm } from "node:fs/promises";
import { join } from "node:path";
import { statePath } from "../../local/paths.ts";
import { writeWhole } from "../../local/write-whole.ts";

/** Notes that an environment is about to return to a release, so that a rollback goes on where a killed return stopped. */
export async function beginReturn(environment: string, release: string): Promise<void> {
  await writeWhole(notePath(environment), JSON.stringify({ release }));
}

/** The release that an environment was about to return to; undefined if what its lock names was deployed since. */
export async function unfinishedReturn(environment: string): Promise<string | undefined> {
  const text = await readFile(notePath(environment), "utf8").catch(() => undefined);
  return text === undefined ? undefined : (JSON.parse(text) as { release: string }).release;
}

/** Forgets the note: what the lock names is deployed. */
export async function endReturn(environment: string): Promise<void> {
  await rm(notePath(environment), { force: true });
}

function notePath(environment: string): string {
  return join(statePath, "stacks", environment, "return-begun.json");
}
