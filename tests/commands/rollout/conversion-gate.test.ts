import { execFileSync } from "node:child_process";
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { parse } from "yaml";
import { clonePath } from "../../../local/paths.ts";
import { readGates, type GateCheck } from "../../../stacks/gates.ts";

/** The gate that the manual of releases shows. */
const [gate] = parse(
  /```yaml\n(- name: campaigns convert\n[^`]*)```/.exec(
    readFileSync(join(clonePath, "releases", "README.md"), "utf8"),
  )![1]!,
) as [GateCheck & { samples: string }];

let folder: string;
beforeAll(() => (folder = mkdtempSync(join(tmpdir(), "conversion-gate-"))));
afterAll(() => rmSync(folder, { recursive: true, force: true }));

test("the gate on conversions will do", () => {
  const { problems } = readGates(
    (key) =>
      ({ gates: [gate], gateSoakSeconds: 60, gateBudgetSeconds: 600, gateWhenQuiet: "return" })[
        key
      ],
  );
  expect(problems).toEqual([]);
});

// A day in which 200 people a minute are given a variant, told of by two workers alike, and another stack without any.
test.each([
  ["as many convert as before", "0+20x1460", 0],
  ["nobody converts any more", "0+20x1450 29000x10", 1],
  ["half of them convert", "0+20x1450 29010+10x9", 0.5],
])("where %s it is what is missing, of enough people", (_what, conversions, missing) => {
  const series = ["worker-a", "worker-b"].flatMap((pod) => [
    {
      series: `mkt_conversions_total{namespace="prod",campaign="sale",pod="${pod}"}`,
      values: conversions,
    },
    {
      series: `mkt_experiment_exposures_total{namespace="prod",experiment="sale",variant="a",pod="${pod}"}`,
      values: "0+200x1460",
    },
  ]);
  const other = {
    series: 'mkt_experiment_exposures_total{namespace="dev",experiment="sale",variant="a"}',
    values: "0+9000x1460",
  };
  const here = (query: string): string => query.replaceAll("$namespace", "prod");
  const about = { eval_time: "1460m" };
  const test = {
    interval: "1m",
    input_series: [...series, other],
    promql_expr_test: [
      // The usual share is that of a day with these ten minutes in it.
      { ...about, expr: `round(${here(gate.query)}, 0.05)`, exp_samples: [sample(missing)] },
      { ...about, expr: here(gate.samples), exp_samples: [sample(2000)] },
    ],
  };
  const path = join(folder, "gate.yaml");
  writeFileSync(path, JSON.stringify({ rule_files: [], tests: [test] }));
  expect(() => execFileSync("promtool", ["test", "rules", path], { stdio: "pipe" })).not.toThrow();
});

function sample(value: number): object {
  return { labels: "{}", value };
}
