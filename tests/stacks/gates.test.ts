import { readFileSync } from "node:fs";
import { parse } from "yaml";
import { gateProblems } from "../../stacks/gates.ts";

const check = { name: "errors", service: "collector", query: 'up{version="$version"}', most: 1 };
const gates = { soakSeconds: 60, budgetSeconds: 600, whenQuiet: "return", checks: [check] };

test("the gates that every stack has will do", () => {
  const { config } = parse(readFileSync("Pulumi.yaml", "utf8")) as {
    config: { gates: { default: unknown } };
  };
  expect(gateProblems(config.gates.default)).toEqual([]);
  expect(gateProblems(gates)).toEqual([]);
});

test.each<[unknown, string]>([
  [[], "marketing-stack:gates must be an object with soakSeconds and checks, got []"],
  [{ ...gates, soak: 1 }, "marketing-stack:gates.soak must be a key of gates, got one that is not"],
  [
    { ...gates, soakSeconds: "60" },
    'marketing-stack:gates.soakSeconds must be a whole number from 1 to 86400, got "60"',
  ],
  [
    { ...gates, whenQuiet: "wait" },
    'marketing-stack:gates.whenQuiet must be return or proceed, got "wait"',
  ],
  [
    { ...gates, checks: [{ ...check, service: "cms" }] },
    'marketing-stack:gates.checks[0].service must be collector or worker, got "cms"',
  ],
  [
    { ...gates, checks: [check, { ...check, query: "up" }] },
    'marketing-stack:gates.checks[1].query must be PromQL with version="$version", got "up"',
  ],
  [
    { ...gates, checks: [{ ...check, samples: "up" }] },
    "marketing-stack:gates.checks[0].leastSamples must be a number exactly where samples is PromQL, got undefined",
  ],
])("fails on %j", (value, problem) => {
  expect(gateProblems(value)).toEqual([problem]);
});

test("fails with all mistakes at once", () => {
  expect(gateProblems({ checks: [{}] })).toHaveLength(7);
});
