import { judge, type Reading } from "../../../commands/rollout/judge.ts";
import type { GateCheck, Gates } from "../../../stacks/gates.ts";

const errors: GateCheck = {
  name: "errors",
  service: "collector",
  query: "errors",
  most: 0.01,
  samples: "requests",
  leastSamples: 50,
};
const age: GateCheck = { name: "age", service: "worker", query: "age", most: 60 };
const gates: Gates = { soakSeconds: 30, budgetSeconds: 120, whenQuiet: "return", checks: [] };

const fine: Reading[] = [
  { check: errors, value: 0, samples: 50 },
  { check: age, value: 60, samples: undefined },
];
const few: Reading[] = [{ check: errors, value: undefined, samples: 3.7 }, fine[1]!];
const absent: Reading[] = [fine[0]!, { check: age, value: undefined, samples: undefined }];

test("a step passes when it stood its checks for the whole soak", () => {
  expect(judge(fine, gates, { elapsed: 10, enough: undefined }).kind).toBe("watching");
  expect(judge(fine, gates, { elapsed: 40, enough: 29 }).kind).toBe("watching");
  expect(judge(fine, gates, { elapsed: 40, enough: 30 })).toEqual({ kind: "passed", quiet: [] });
  expect(judge([], gates, { elapsed: 40, enough: 30 })).toEqual({ kind: "passed", quiet: [] });
});

test("a value above its limit fails at once, if it rests on enough", () => {
  const broken: Reading[] = [{ check: errors, value: 0.3049, samples: 61.2 }, fine[1]!];
  expect(judge(broken, gates, { elapsed: 1, enough: undefined })).toEqual({
    kind: "failed",
    check: "errors",
    reason: "must be at most 0.01, got 0.305 of 61 samples",
  });
  const lone: Reading[] = [{ check: errors, value: 1, samples: 49 }, fine[1]!];
  expect(judge(lone, gates, { elapsed: 1, enough: undefined }).kind).toBe("watching");
});

test("too little is waited for until the budget is spent", () => {
  expect(judge(few, gates, { elapsed: 119, enough: undefined })).toEqual({
    kind: "watching",
    hasEnough: false,
    reason: "waiting for samples of errors",
  });
});

test("fails a step that is too quiet, or lets it go on, as declared", () => {
  expect(judge(few, gates, { elapsed: 120, enough: undefined })).toEqual({
    kind: "failed",
    check: "errors",
    reason: "must rest on 50 samples or more, got 3 within 120 s",
  });
  const proceed = { ...gates, whenQuiet: "proceed" as const };
  expect(judge(few, proceed, { elapsed: 120, enough: undefined })).toEqual({
    kind: "passed",
    quiet: ["errors"],
  });
});

test.each([
  ["a number", absent, "age", "must have a value, got none for age within 120 s"],
  [
    "what a number rests on",
    [{ check: errors, value: undefined, samples: undefined }, fine[1]!],
    "errors",
    "must have a value, got none for requests within 120 s",
  ],
])("fails in any case where nobody exports %s", (_what, readings, check, reason) => {
  const proceed = { ...gates, whenQuiet: "proceed" as const };
  expect(judge(readings, proceed, { elapsed: 120, enough: undefined })).toEqual({
    kind: "failed",
    check,
    reason,
  });
});
