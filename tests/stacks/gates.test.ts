import { readFileSync } from "node:fs";
import { parse } from "yaml";
import { readGates } from "../../stacks/gates.ts";

const check = { name: "errors", service: "collector", query: 'up{version="$version"}', most: 1 };
const valid = {
  gates: [check],
  gateSoakSeconds: "60",
  gateBudgetSeconds: 600,
  gateWhenQuiet: "return",
};
const problemsOf = (config: Partial<Record<keyof typeof valid, unknown>>): readonly string[] =>
  readGates((key) => config[key]).problems;

test("the gates that every stack has will do", () => {
  const { config } = parse(readFileSync("Pulumi.yaml", "utf8")) as {
    config: Record<keyof typeof valid, { default: unknown }>;
  };
  const { gates, problems } = readGates((key) => config[key].default);
  expect(problems).toEqual([]);
  expect(gates.checks.map(({ name }) => name)).toEqual([
    "the collector answers",
    "the collector answers in time",
    "the spool drains",
    "no queue waits",
    "no job is given up",
  ]);
});

test("gates are read from configuration, where numbers may be text", () => {
  expect(readGates((key) => valid[key])).toEqual({
    gates: { soakSeconds: 60, budgetSeconds: 600, whenQuiet: "return", checks: [check] },
    problems: [],
  });
});

test.each<[Partial<Record<keyof typeof valid, unknown>>, string]>([
  [{ gates: {} }, "marketing-stack:gates must be a list of checks, got {}"],
  [
    { gateSoakSeconds: "soon" },
    'marketing-stack:gateSoakSeconds must be a whole number from 1 to 86400, got "soon"',
  ],
  [
    { gateBudgetSeconds: 0 },
    "marketing-stack:gateBudgetSeconds must be a whole number from 1 to 86400, got 0",
  ],
  [
    { gateWhenQuiet: "wait" },
    'marketing-stack:gateWhenQuiet must be return or proceed, got "wait"',
  ],
  [
    { gates: [{ ...check, least: 1 }] },
    "marketing-stack:gates[0].least must be a key of a gate, got one that is not",
  ],
  [
    { gates: [{ ...check, service: "cms" }] },
    'marketing-stack:gates[0].service must be collector or worker, got "cms"',
  ],
  [
    { gates: [check, { ...check, query: "up" }] },
    'marketing-stack:gates[1].query must be PromQL with version="$version", or of campaigns (mkt_…), got "up"',
  ],
  [
    { gates: [{ ...check, samples: "up" }] },
    "marketing-stack:gates[0].leastSamples must be a number exactly where samples is PromQL, got undefined",
  ],
])("fails on %j", (changed, problem) => {
  expect(problemsOf({ ...valid, ...changed })).toEqual([problem]);
});

test("fails with all mistakes at once", () => {
  expect(problemsOf({ gates: [{}] })).toHaveLength(7);
});
