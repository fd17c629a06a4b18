import { rmSync } from "node:fs";
import { alerts, ruleFolder } from "./catalogue.ts";
import { equivalentMutants } from "./equivalent-mutants.ts";
import { mutantsOf, type Mutant } from "./mutants.ts";
import { survivorsOf } from "./survivors.ts";

const named = alerts.map((alert) => [alert.alert, alert] as const);

let survivors: Record<string, Mutant[]>;
beforeAll(() => {
  const folder = ruleFolder();
  // The alert itself must survive: else its series would tell nothing of the others.
  const cases = alerts.map((alert) => ({
    alert,
    mutants: [{ change: "none", expr: alert.expr }, ...mutantsOf(alert.expr)],
  }));
  survivors = survivorsOf(cases, folder);
  rmSync(folder, { recursive: true });
}, 120_000);

test.each(named)("%s is told by its series from each mutant that is not declared", (name) => {
  const declared = (equivalentMutants[name] ?? []).flatMap(({ changes }) => changes);
  const changes = survivors[name]!.map(({ change }) => change);
  expect(changes.sort()).toEqual(["none", ...declared].sort());
});

test.each(named)("%s has a mutant that its series kill", (name, { expr }) => {
  expect(survivors[name]!.length).toBeLessThan(1 + mutantsOf(expr).length);
});

test("mutants are declared of alerts that there are", () => {
  const names = named.map(([name]) => name);
  expect(Object.keys(equivalentMutants).filter((name) => !names.includes(name))).toEqual([]);
});

test.each([
  [
    "numbers, comparisons and matchers",
    'sum(up{job="a", pod="b"}) < 3',
    [
      'sum(up{pod="b"}) < 3',
      'sum(up{job="a"}) < 3',
      'sum(up{job="a", pod="b"}) > 3',
      'sum(up{job="a", pod="b"}) < 1.5',
      'sum(up{job="a", pod="b"}) < 6',
    ],
  ],
  ["a count and a half to another one", "a > 4.5", ["a < 4.5", "a > 1.5", "a > 9.5"]],
  ["sides of sets", "a and b", ["(a)", "(b)"]],
  [
    "sides of sets and offsets",
    "a unless b offset 1h",
    ["a unless b", "(a)", "(b offset 1h)", "a unless b offset 1800s", "a unless b offset 7200s"],
  ],
  [
    "the windows of one comparison together",
    "rate(a[1m]) / rate(b[1m]) > rate(c[5m])",
    [
      "rate(a[1m]) / rate(b[1m]) < rate(c[5m])",
      "rate(a[30s]) / rate(b[30s]) > rate(c[5m])",
      "rate(a[120s]) / rate(b[120s]) > rate(c[5m])",
      "rate(a[1m]) / rate(b[1m]) > rate(c[150s])",
      "rate(a[1m]) / rate(b[1m]) > rate(c[600s])",
    ],
  ],
])("mutates %s", (_what, expression, mutants) => {
  expect(mutantsOf(expression).map(({ expr }) => expr)).toEqual(mutants);
});

test("fails on what is no PromQL", () => {
  expect(() => mutantsOf("sum(up")).toThrow("no PromQL at character");
});
