import { cpSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { runProcess, type CommandRun } from "../command.ts";

let folder: string;

beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), "marketing-stack-zizmor-"));
  cpSync(".github", join(folder, ".github"), { recursive: true });
});

afterEach(() => rmSync(folder, { recursive: true }));

function zizmor(): Promise<CommandRun> {
  const options = ["--offline", "--no-progress", "--min-severity=medium"];
  return runProcess("zizmor", [...options, ".github"], { cwd: folder });
}

test("zizmor finds no weakness of the GitHub workflows", async () => {
  expect(await zizmor()).toMatchObject({ code: 0 });
});

test.each([
  [
    "a token left to a fork's code",
    "preview.yml",
    "        with:\n          persist-credentials: false\n",
    "",
    "artipacked",
  ],
  [
    "somebody's text in a shell",
    "review.yml",
    'down "$NAME"',
    "down ${{ github.event.pull_request.title }}",
    "template-injection",
  ],
  [
    "an action by its tag",
    "check.yml",
    /actions\/checkout@\w+ # v7.0.1/,
    "actions/checkout@v7",
    "unpinned-uses",
  ],
  [
    "a trigger with secrets for a fork",
    "preview.yml",
    "pull_request:",
    "pull_request_target:",
    "dangerous-triggers",
  ],
  [
    "rights for all",
    "sweep.yml",
    "permissions:\n      contents: read",
    "permissions: write-all",
    "excessive-permissions",
  ],
])("fails on %s", async (_, file, from, to, audit) => {
  const path = join(folder, ".github", "workflows", file);
  const text = readFileSync(path, "utf8");
  expect(text.replace(from, to)).not.toBe(text);
  writeFileSync(path, text.replace(from, to));
  const run = await zizmor();
  expect(run.code).not.toBe(0);
  expect(run.stdout).toContain(`[${audit}]`);
});
