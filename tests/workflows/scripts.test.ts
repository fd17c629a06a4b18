import { execFile } from "node:child_process";
import { readFileSync } from "node:fs";
import { join } from "node:path";
import { scriptCalls } from "./scripts.ts";

const calls = scriptCalls();
const { scripts } = JSON.parse(readFileSync("package.json", "utf8")) as {
  scripts: Record<string, string>;
};

/** What a script says to its arguments and one more that none knows: nothing is done. */
function complaint(script: string, args: readonly string[]): Promise<string> {
  const file = join("commands", `${script}.ts`);
  const all = ["--disable-warning=ExperimentalWarning", file, ...args, "--no-such-option"];
  return new Promise((resolve) => {
    execFile(process.execPath, all, (_error, _stdout, stderr) => resolve(stderr));
  });
}

test("all three systems call the same scripts, and these alone", () => {
  const names = (begin: string): string[] => [
    ...new Set(calls.filter(({ file }) => file.startsWith(begin)).map(({ script }) => script)),
  ];
  const expected = ["check", "comment", "drift", "preview", "review", "test", "up"];
  for (const system of [".github", ".gitlab-ci.yml", "Jenkinsfile"]) {
    expect([system, names(system).sort()]).toEqual([system, expected]);
  }
});

// Calls that differ in values only are understood alike.
const distinct = new Map(
  calls.map((call) => {
    const options = call.args.filter((word) => word.startsWith("--"));
    return [[call.script, ...options].join(" "), call];
  }),
);

test.each([...distinct])("npm run %s is understood by its command", async (_, { script, args }) => {
  expect(scripts[script]).toBe(`node commands/run.js ${script}`);
  expect(await complaint(script, args)).toMatch(
    /^error: Unknown option '--no-such-option'; usage: /,
  );
});

test("fails on an option that the command does not have", async () => {
  expect(await complaint("preview", ["--stak", "prod"])).toMatch(/^error: Unknown option '--stak'/);
});
