import { existsSync } from "node:fs";
import { readFile } from "node:fs/promises";
import { join } from "node:path";
import { clonePath, statePath } from "./paths.ts";
import { writeWhole } from "./write-whole.ts";

/** Path of the clone that the machine's platform belongs to; undefined while it belongs to none, or nobody can read to which. */
export async function platformOwner(): Promise<string | undefined> {
  return readFile(ownerPath, "utf8")
    .then((text) => (JSON.parse(text) as { clone: string }).clone)
    .catch(() => undefined);
}

/**
 * Refuses to touch the platform of another clone.
 *
 * @param running whether the platform runs: only then does the ownership of a clone that still exists count.
 * @throws Error with the owner's path.
 */
export async function requireOwnership({ running }: { running: boolean }): Promise<void> {
  const owner = await platformOwner();
  if (!running || !owner || owner === clonePath || !existsSync(owner)) return;
  throw new Error(
    `the platform of this machine must be this clone's, got one that runs for ${owner}; ` +
      "run npm run down there, or take it over with npm run up -- --take-over",
  );
}

/**
 * Makes this clone the owner of the machine's platform.
 *
 * @throws Error if another clone owns it and it is not to be taken over.
 */
export async function claimPlatform({
  running,
  takeOver,
}: {
  running: boolean;
  takeOver: boolean;
}): Promise<void> {
  if (!takeOver) await requireOwnership({ running });
  await writeWhole(ownerPath, JSON.stringify({ clone: clonePath }), 0o600);
}

const ownerPath = join(statePath, "owner.json");
