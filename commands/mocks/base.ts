import { execFile } from "node:child_process";
import { existsSync } from "node:fs";
import { mkdtemp, rm, symlink } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { promisify } from "node:util";
import { clonePath } from "../../local/paths.ts";
import { renewWorktree } from "../releases/worktree.ts";

const run = promisify(execFile);

/** Where a branch usually begins; the first that there is counts. */
const TRUNKS = ["origin/main", "main"];

/**
 * The commit to compare with: that of `ref`, by default the one at which this branch left the main one.
 *
 * @throws Error if there is no such commit in this clone.
 */
export async function baseCommit(ref: string | undefined): Promise<string> {
  if (ref !== undefined) {
    const commit = await git(
      "rev-parse",
      "--verify",
      "--quiet",
      "--end-of-options",
      `${ref}^{commit}`,
    );
    if (commit) return commit;
    throw new Error(
      `--base must name a commit of this clone, got ${JSON.stringify(ref)}; fetch it first`,
    );
  }
  for (const trunk of TRUNKS) {
    const commit = await git("merge-base", "HEAD", trunk);
    if (commit) return commit;
  }
  throw new Error(
    `the clone must know ${TRUNKS.join(" or ")} to compare with, found neither; fetch it, or name a commit with --base`,
  );
}

/** Runs `use` on the files of a commit, with this clone's dependencies, in a folder of which nothing is left. */
export async function withFilesOf<T>(
  commit: string,
  use: (folder: string) => Promise<T>,
): Promise<T> {
  const parent = await mkdtemp(join(tmpdir(), "marketing-stack-base-"));
  const folder = join(parent, "clone");
  try {
    await renewWorktree(folder, commit);
    await symlink(join(clonePath, "node_modules"), join(folder, "node_modules"));
    return await use(folder);
  } finally {
    await rm(parent, { recursive: true, force: true });
    await run("git", ["worktree", "prune"], { cwd: clonePath });
  }
}

/** Whether a folder's program has a configuration for a stack. */
export function knows(folder: string, stack: string): boolean {
  return existsSync(join(folder, `Pulumi.${stack}.yaml`));
}

function git(...args: string[]): Promise<string | undefined> {
  return run("git", args, { cwd: clonePath }).then(
    ({ stdout }) => stdout.trim(),
    () => undefined,
  );
}
