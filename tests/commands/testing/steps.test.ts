import { closingLine } from "../../../commands/testing/steps.ts";

test("the closing line is the sum of all steps", () => {
  expect(
    closingLine([
      { passed: 1, failed: 0 },
      { passed: 41, failed: 2 },
    ]),
  ).toBe("42 passed, 2 failed");
});
