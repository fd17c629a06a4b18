import { readFile, rm } from "node:fs/promises";
import { join } from "node:path";
import { statePath } from "../../local/paths.ts";

/** What of the file backend's file tells whether it is whole. */
interface StateFile {
  readonly checkpoint?: { readonly latest?: { readonly resources?: readonly unknown[] } };
}

/**
 * Checks that the file backend of this machine has a stack's state as the last update left it, before the engine would
 * take a lost state for a new stack. What a kill tore of the notes beside a state goes: the engine makes them anew.
 *
 * @throws Error naming the file, what is wrong with it, and the copy that takes its place.
 */
export async function requireReadableState(
  stack: string,
  folder = join(statePath, "pulumi", ".pulumi", "stacks", "marketing-stack"),
): Promise<void> {
  const path = join(folder, `${stack}.json`);
  const backup = `${path}.bak`;
  for (const notes of [`${path}.attrs`, `${backup}.attrs`]) await removeTorn(notes);
  const found = await read(path);
  if (found === "whole") return;
  const former = await resourcesOf(backup);
  // A stack that was removed leaves an empty copy.
  if (found === "missing" && former === 0) return;
  throw new Error(
    former > 0
      ? `the state of stack ${stack} must be whole, found ${path} ${found}; nothing was changed. Its last copy holds ${former} resources: cp '${backup}' '${path}', then npm run up -- --stack ${stack}. If the stack was removed by force, take the copy away too`
      : `the state of stack ${stack} must be whole, found ${path} ${found}, and no copy beside it; nothing was changed. Restore it from a backup of the machine, or take it away to begin anew`,
  );
}

/** Removes a file that is there and is no JSON; the engine would take it for the end of the state. */
async function removeTorn(path: string): Promise<void> {
  const text = await readFile(path, "utf8").catch(() => undefined);
  if (text === undefined) return;
  try {
    JSON.parse(text);
  } catch {
    await rm(path, { force: true });
  }
}

async function read(path: string): Promise<"whole" | "missing" | "corrupt"> {
  const text = await readFile(path, "utf8").catch(() => undefined);
  if (text === undefined) return "missing";
  try {
    return (JSON.parse(text) as StateFile | null)?.checkpoint ? "whole" : "corrupt";
  } catch {
    return "corrupt";
  }
}

async function resourcesOf(path: string): Promise<number> {
  const text = await readFile(path, "utf8").catch(() => "{}");
  try {
    return (JSON.parse(text) as StateFile).checkpoint?.latest?.resources?.length ?? 0;
  } catch {
    return 0;
  }
}
