import { execFile } from "node:child_process";
import { mkdir, rm } from "node:fs/promises";
import { dirname } from "node:path";
import { promisify } from "node:util";
import { clonePath } from "../../local/paths.ts";

/**
 * Makes a Git worktree at a commit, anew: what is at its path does not matter, nor what a killed command left of it.
 *
 * @param repository clone that has the commit. @default - this clone
 * @throws Error with Git's message if there is no such commit.
 */
export async function renewWorktree(
  path: string,
  commit: string,
  repository = clonePath,
): Promise<void> {
  await rm(path, { recursive: true, force: true });
  await mkdir(dirname(path), { recursive: true, mode: 0o700 });
  // Git keeps a worktree locked while it is being made; the second --force takes over one that was never finished.
  const add = ["worktree", "add", "--quiet", "--force", "--force", "--detach", path, commit];
  await promisify(execFile)("git", add, { cwd: repository });
}
