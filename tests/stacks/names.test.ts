import { programName } from "../../stacks/names.ts";

test.each([
  ["dev", "dev"],
  ["test-a", "dev"],
  ["test-lifecycle", "dev"],
  ["review-spring-sale", "dev"],
  ["prod", "prod"],
  ["rehearsal", "prod"],
  ["rehearsal-e2e", "prod"],
])("stack %s runs %s's program", (stack, program) => {
  expect(programName(stack)).toBe(program);
});

test.each(["production", "Dev", "test", "test-A", "test-", "test-a-", "", "test-".padEnd(60, "x")])(
  "fails on stack %j, naming the known ones",
  (stack) => {
    expect(() => programName(stack)).toThrow(
      `stack must be one of dev, test-*, review-*, prod, rehearsal, rehearsal-*, got ${JSON.stringify(stack)}`,
    );
  },
);
