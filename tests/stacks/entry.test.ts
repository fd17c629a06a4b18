import { spawnSync } from "node:child_process";
import { join } from "node:path";

test("an error of the program points to the TypeScript that threw it", () => {
  const { stderr, status } = spawnSync(process.execPath, [join("stacks", "entry.js")], {
    encoding: "utf8",
    // As the language host runs it, on a stack that no program knows.
    env: {
      ...process.env,
      PULUMI_NODEJS_PROJECT: "marketing-stack",
      PULUMI_NODEJS_STACK: "staging",
    },
  });
  expect(status).toBe(1);
  expect(stderr).toContain(
    'stack must be one of dev, test-*, review-*, prod, rehearsal, rehearsal-*, got "staging"',
  );
  expect(stderr).toMatch(/at programName \(.*\/stacks\/names\.ts:\d+:\d+\)/);
  expect(stderr).toMatch(/at .*\/stacks\/index\.ts:\d+:\d+/);
});
