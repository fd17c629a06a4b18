import { execFile, execFileSync } from "node:child_process";
import { copyFileSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { promisify } from "node:util";

/** gitlab-ci-local: GitLab's published schema, and its rules of what runs when. */
const LINTER = "node_modules/gitlab-ci-local/dist/index.js";

/** A folder that GitLab's pipelines can be looked at in; it is no part of this clone. */
export interface Project {
  /**
   * Jobs that a pipeline with these variables has, with when each runs.
   *
   * @throws Error with the linter's words if the file is refused.
   */
  jobs(variables: Readonly<Record<string, string>>): Promise<Record<string, string>>;
  /** Replaces the file. */
  write(text: string): void;
  remove(): void;
}

/** A project on branch `main` with this clone's `.gitlab-ci.yml`. */
export function gitlabProject(): Project {
  const path = mkdtempSync(join(tmpdir(), "marketing-stack-gitlab-"));
  const file = join(path, ".gitlab-ci.yml");
  const git = (...args: string[]): unknown => execFileSync("git", args, { cwd: path });
  git("init", "--quiet", "--initial-branch=main");
  git("remote", "add", "origin", "git@gitlab.example:o/r.git");
  const author = ["-c", "user.name=test", "-c", "user.email=test@example.com"];
  git(...author, "commit", "--quiet", "--allow-empty", "--message=Begin");
  copyFileSync(".gitlab-ci.yml", file);
  return {
    write: (text) => writeFileSync(file, text),
    remove: () => rmSync(path, { recursive: true }),
    async jobs(variables) {
      const given = Object.entries(variables).map(([name, value]) => `--variable=${name}=${value}`);
      const run = await promisify(execFile)(
        process.execPath,
        [join(process.cwd(), LINTER), "--list-json", ...given],
        { cwd: path, env: { ...process.env, HOME: path } },
      );
      const list = run.stdout.slice(run.stdout.search(/^\[$/m));
      const jobs = JSON.parse(list) as { name: string; when: string }[];
      const runs = jobs.filter(({ when }) => when !== "never");
      return Object.fromEntries(runs.map(({ name, when }) => [name, when]));
    },
  };
}
