import { mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { runProcess, type CommandRun } from "../command.ts";

/** Groovy's own libraries, where Debian has them. */
const GROOVY = "/usr/share/groovy/lib/*";

const text = readFileSync("Jenkinsfile", "utf8");
let folder: string;

beforeAll(() => {
  folder = mkdtempSync(join(tmpdir(), "marketing-stack-jenkins-"));
});

afterAll(() => rmSync(folder, { recursive: true }));

/** Runs a Jenkinsfile in a situation, without doing what its steps say. */
async function run(jenkinsfile: string, situation: object): Promise<CommandRun> {
  const path = join(folder, "Jenkinsfile");
  writeFileSync(path, jenkinsfile);
  const script = join(__dirname, "declarative.groovy");
  const main = ["-cp", GROOVY, "groovy.ui.GroovyMain", script];
  return runProcess("java", [...main, path, JSON.stringify(situation)]);
}

const main = { env: { BRANCH_NAME: "main" } };
const change = { BRANCH_NAME: "PR-7", CHANGE_ID: "7", CHANGE_BRANCH: "review/spring" };

test.each([
  [
    "a push to main is tested, previewed, and applied when somebody says so",
    main,
    [
      ["Check", "node", false, []],
      ["Test", "marketing-stack", false, []],
      ["Preview of prod", "node", false, ["google-previewer"]],
      ["Prod", "node", true, ["google-deployer"]],
    ],
  ],
  [
    "a branch that asks for a review stack is previewed, commented and gets one",
    { env: change },
    [
      ["Check", "node", false, []],
      ["Preview", "node", false, ["google-previewer", "github-comments"]],
      ["Review", "marketing-stack", false, ["github-comments"]],
    ],
  ],
  [
    "another branch is previewed and commented",
    { env: { ...change, CHANGE_BRANCH: "spring" } },
    [
      ["Check", "node", false, []],
      ["Preview", "node", false, ["google-previewer", "github-comments"]],
    ],
  ],
  [
    "a fork gets no credentials and no machine of ours",
    { env: { ...change, CHANGE_FORK: "x" } },
    [
      ["Check", "node", false, []],
      ["Preview of a fork", "node", false, []],
    ],
  ],
  [
    "by the clock, what expired is swept and prod is looked at",
    { ...main, timer: true },
    [
      ["Sweep", "marketing-stack", false, []],
      ["Drift", "node", false, ["google-previewer"]],
    ],
  ],
])("%s", async (_, situation, expected) => {
  const { stdout, stderr } = await run(text, situation);
  expect(stderr).toBe("");
  const stages = JSON.parse(stdout) as Record<"name" | "agent" | "asks" | "credentials", unknown>[];
  expect(
    stages.map(({ name, agent, asks, credentials }) => [name, agent, asks, credentials]),
  ).toEqual(expected);
});

test.each([
  ["a brace that is not closed", "agent { label 'node' }", "agent { label 'node'"],
  ["a section that Jenkins does not know", "    options {", "    option {"],
  ["a stage without an agent", "agent { label 'node' }", ""],
  ["a step that Jenkins does not know", "sh 'npm run check'", "bash 'npm run check'"],
])("fails on %s", async (_, from, to) => {
  expect(text).toContain(from);
  const { code, stderr } = await run(text.replace(from, to), main);
  expect([code, stderr]).toEqual([1, expect.stringMatching(/expecting|must (hold|have)/)]);
});
