import { execFile } from "node:child_process";
import { cp, rm, symlink } from "node:fs/promises";
import { join } from "node:path";
import { promisify } from "node:util";
import { clonePath, statePath } from "../../local/paths.ts";
import { readLock, type ReleaseLock } from "../../stacks/release-lock.ts";
import { readRelease } from "../../stacks/releases.ts";
import { dependenciesOf } from "./dependencies.ts";
import { ownFolder } from "./own-folder.ts";
import { releasesFolder } from "./verification.ts";
import { renewWorktree } from "./worktree.ts";

/**
 * Folder of the project that a stack is deployed from: this clone, or for a stack that runs a release a Git worktree at the
 * release's commit, so that program, charts, alerts and campaigns are the sealed ones. Its configuration and its lock are this
 * clone's.
 *
 * The worktree is made anew each time: what a killed command left of it does not matter, and nobody edits it.
 *
 * @throws Error if this clone does not have the commit.
 */
export async function deployedFolder(stack: string): Promise<string> {
  const lock = readLock(stack, releasesFolder);
  if (!lock) return clonePath;
  const path = join(statePath, "worktrees", stack);
  await checkOut(lock, path);
  return path;
}

/**
 * Runs `use` on the files that a stack would be deployed from (`deployedFolder`), of which nothing is left afterwards: the
 * stack may be deployed from its own folder meanwhile.
 *
 * @throws Error as deployedFolder, and whatever `use` throws.
 */
export async function withDeployedFiles<T>(
  stack: string,
  use: (folder: string) => Promise<T>,
): Promise<T> {
  const lock = readLock(stack, releasesFolder);
  if (!lock) return use(clonePath);
  const parent = await ownFolder(join(statePath, "worktrees", "previews"));
  try {
    const path = join(parent, stack);
    await checkOut(lock, path);
    return await use(path);
  } finally {
    await rm(parent, { recursive: true, force: true });
    await git("worktree", "prune");
  }
}

async function checkOut(lock: ReleaseLock, path: string): Promise<void> {
  const { commit } = readRelease(lock.release, releasesFolder);
  await requireCommit(commit);
  await renewWorktree(path, commit);
  await symlink(await dependenciesOf(path), join(path, "node_modules"));
  for (const file of [
    `Pulumi.${lock.environment}.yaml`,
    join("releases", `${lock.environment}.lock.json`),
    // The release, and while it rolls out the one before it.
    ...[lock.release, ...lock.verified.slice(-1)].map((id) => join("releases", `${id}.json`)),
  ]) {
    await cp(join(clonePath, file), join(path, file));
  }
}

async function requireCommit(commit: string): Promise<void> {
  const has = (): Promise<boolean> =>
    git("cat-file", "-e", `${commit}^{commit}`).then(
      () => true,
      () => false,
    );
  if (await has()) return;
  // A clone of a CI system often has the newest commit alone.
  await git("fetch", "--quiet", "--depth=1", "origin", commit).catch(() => undefined);
  if (await has()) return;
  throw new Error(
    `this clone must have commit ${commit}, of which the release is made, found none; fetch it: git fetch origin ${commit}`,
  );
}

async function git(...args: string[]): Promise<void> {
  await promisify(execFile)("git", args, { cwd: clonePath });
}
