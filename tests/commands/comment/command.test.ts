import { execFile } from "node:child_process";
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { promisify } from "node:util";
import { github, startCodeHost, OURS, type CodeHost } from "./code-host.ts";

const SHA = "0123456789abcdef0123456789abcdef01234567";
let host: CodeHost;
let folder: string;

beforeEach(async () => {
  host = await startCodeHost(github);
  host.pulls = [{ number: 7, head: { sha: SHA, repo: { full_name: "x/r" } } }];
  folder = mkdtempSync(join(tmpdir(), "marketing-stack-comment-"));
  mkdirSync(join(folder, "comment"));
});

afterEach(async () => {
  rmSync(folder, { recursive: true });
  await host.stop();
});

/** Runs the command after a run of a fork, as comment.yml does. */
async function comment(...args: string[]): Promise<string> {
  const event = join(folder, "event.json");
  const workflowRun = {
    head_sha: SHA,
    head_branch: "main",
    head_repository: { full_name: "x/r" },
    html_url: "https://github.example/o/r/actions/runs/5",
  };
  writeFileSync(event, JSON.stringify({ workflow_run: workflowRun }));
  const run = await promisify(execFile)(
    process.execPath,
    ["--disable-warning=ExperimentalWarning", "commands/comment.ts", ...args],
    {
      env: {
        ...process.env,
        GITHUB_ACTIONS: "true",
        GITHUB_API_URL: host.url,
        GITHUB_EVENT_PATH: event,
        GITHUB_REPOSITORY: "o/r",
        GITHUB_TOKEN: "token-of-the-test",
      },
    },
  );
  return run.stdout;
}

test("what a fork's runs leave becomes one comment, defused and called unverified", async () => {
  const artifact = join(folder, "comment");
  writeFileSync(join(artifact, "digest.md"), "@octocat approves [this](https://evil.example)\n");
  expect(await comment(artifact, "--name", "Preview")).toBe("created\n");
  writeFileSync(join(artifact, "digest.md"), "| create | 2 |\n");
  expect(await comment(artifact, "--name", "Preview")).toBe("updated\n");
  expect(host.comments).toEqual([{ id: 1, body: expect.any(String), author: OURS }]);
  const { body } = host.comments[0]!;
  expect(body).toMatch(/^<!-- marketing-stack:preview -->\n## Preview\n/);
  expect(body).toContain("**Unverified:**");
  expect(body).toContain("| create | 2 |");
});

test("a run that left nothing outdates the comment", async () => {
  await comment(join(folder, "absent"), "--name", "Preview");
  expect(host.comments.map(({ body }) => body)).toEqual([
    expect.stringContaining("The run left nothing to show"),
  ]);
});

test.each([
  [["--name", "Preview"], "DIR must be given"],
  [["comment"], '--name must be 1-40 letters, digits, spaces or dashes, got ""'],
  [["comment", "--name", "x-->"], "--name must be 1-40 letters"],
])("fails on %j", async (args, message) => {
  await expect(comment(...args)).rejects.toThrow(message);
  expect(host.writes).toEqual([]);
});
