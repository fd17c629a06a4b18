import { execFileSync } from "node:child_process";
import { mkdtempSync, rmSync, symlinkSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { stringify } from "yaml";
import { clonePath, statePath } from "../local/paths.ts";
import { measure, median, report } from "./measure.ts";

// `release` of the running dev stack, which `up` must have verified at this commit, and `promote` of it; both in a worktree, so
// that nothing of it stays in the clone.
const STACK = "rehearsal-bench";
const RUNS = 5;

const folder = mkdtempSync(join(tmpdir(), "marketing-stack-bench-"));
const work = join(folder, "clone");
const git = (...args: string[]): void => void execFileSync("git", args, { cwd: clonePath });
const run = (...args: string[]) =>
  measure(process.execPath, [join(work, "commands/run.js"), ...args], { cwd: work });
try {
  git("worktree", "add", "--quiet", "--detach", work, "HEAD");
  symlinkSync(join(clonePath, "node_modules"), join(work, "node_modules"));
  writeFileSync(
    join(work, `Pulumi.${STACK}.yaml`),
    stringify({ config: { "marketing-stack:portBase": 30690 } }),
  );
  const release: number[] = [];
  const promote: number[] = [];
  // The first pair is not counted.
  for (let pair = 0; pair <= RUNS; pair += 1) {
    rmSync(join(work, "releases"), { recursive: true, force: true });
    const sealed = await run("release");
    const id = /Release ([0-9a-f]{16})/.exec(sealed.output)![1]!;
    const promoted = await run("promote", id, STACK);
    if (pair === 0) continue;
    release.push(sealed.seconds);
    promote.push(promoted.seconds);
  }
  report("promote", {
    releaseSeconds: median(release),
    promoteSeconds: median(promote),
    runs: RUNS,
  });
} finally {
  rmSync(folder, { recursive: true, force: true });
  rmSync(join(statePath, "stacks", STACK), { recursive: true, force: true });
  git("worktree", "prune");
}
