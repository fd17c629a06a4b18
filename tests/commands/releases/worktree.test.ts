import { execFileSync } from "node:child_process";
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { renewWorktree } from "../../../commands/releases/worktree.ts";

let folder: string;
let repository: string;
let commits: string[];
const git = (...args: string[]): string =>
  execFileSync("git", args, { cwd: repository, encoding: "utf8" }).trim();

beforeAll(() => {
  folder = mkdtempSync(join(tmpdir(), "worktree-"));
  repository = join(folder, "repository");
  execFileSync("git", ["init", "--quiet", repository]);
  const author = ["-c", "user.name=Somebody", "-c", "user.email=somebody@example.com"];
  commits = ["one", "two"].map((text) => {
    writeFileSync(join(repository, "text"), text);
    git("add", "text");
    git(...author, "commit", "--quiet", `--message=${text}`);
    return git("rev-parse", "HEAD");
  });
});
afterAll(() => rmSync(folder, { recursive: true, force: true }));

test("is at the commit, whatever was there", async () => {
  const path = join(folder, "worktrees", "prod");
  for (const [index, text] of ["one", "two", "one"].entries()) {
    await renewWorktree(path, commits[index % 2]!, repository);
    expect(readFileSync(join(path, "text"), "utf8")).toBe(text);
    writeFileSync(join(path, "text"), "edited");
  }
});

test("takes over what a command left that was killed while Git made it", async () => {
  const path = join(folder, "worktrees", "dev");
  git("worktree", "add", "--quiet", "--detach", path, commits[0]!);
  git("worktree", "lock", "--reason", "initializing", path);
  rmSync(path, { recursive: true });
  await renewWorktree(path, commits[1]!, repository);
  expect(readFileSync(join(path, "text"), "utf8")).toBe("two");
  git("worktree", "lock", "--reason", "initializing", path);
  await renewWorktree(path, commits[0]!, repository);
  expect(readFileSync(join(path, "text"), "utf8")).toBe("one");
});

test("fails on a commit that is not there", async () => {
  await expect(
    renewWorktree(join(folder, "worktrees", "none"), "1".repeat(40), repository),
  ).rejects.toThrow(/invalid reference|not a valid object name|bad object/);
});
