import { programName } from "../../stacks/names.ts";

test.each(["dev", "test-a", "test-lifecycle"])("stack %s runs dev's program", (stack) => {
  expect(programName(stack)).toBe("dev");
});

test.each(["prod", "Dev", "test", "test-A", "test-", "test-a-", "", "test-".padEnd(60, "x")])(
  "fails on stack %j, naming the known ones",
  (stack) => {
    expect(() => programName(stack)).toThrow(
      `stack must be one of dev, test-*, got ${JSON.stringify(stack)}`,
    );
  },
);
