import { readRolloutStep, stepVariable, updatedReplicas } from "../../stacks/rollout.ts";

afterEach(() => {
  process.env[stepVariable] = "";
});

test.each([
  [1, [0, 0, 1]],
  [2, [1, 1, 2]],
  [3, [1, 2, 3]],
  [20, [1, 10, 20]],
])("of %i pods, %j run the new release step by step", (replicas, updated) => {
  expect(
    (["canary", "half", "all"] as const).map((step) => updatedReplicas(step, replicas)),
  ).toEqual(updated);
});

test("without the variable there is no step", () => {
  expect(readRolloutStep()).toBeUndefined();
  process.env[stepVariable] = "half";
  expect(readRolloutStep()).toBe("half");
});

test("fails on a step that there is not", () => {
  process.env[stepVariable] = "most";
  expect(readRolloutStep).toThrow(
    'MARKETING_STACK_ROLLOUT_STEP must be one of canary, half, all, got "most"',
  );
});
