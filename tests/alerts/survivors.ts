import { spawnSync } from "node:child_process";
import { writeFileSync } from "node:fs";
import { join } from "node:path";
import { secondsOf } from "../../stacks/alerts/durations.ts";
import { seriesOf, type Declared, type Expectation } from "./catalogue.ts";
import type { Mutant } from "./mutants.ts";

/** An alert and what its series are to tell it from. */
export interface Case {
  readonly alert: Declared;
  readonly mutants: readonly Mutant[];
}

/**
 * The mutants that the series of their alert cannot tell from it, by alert.
 *
 * promtool runs once over all. It is asked what an alert would do at the times at which its series expect something, rather
 * than to evaluate each mutant at all times.
 *
 * @param folder an empty one, for promtool's files.
 * @throws Error with promtool's words if it can do nothing with a file.
 */
export function survivorsOf(cases: readonly Case[], folder: string): Record<string, Mutant[]> {
  const files = cases.map(({ alert, mutants }) => {
    const file = `${alert.alert}.json`;
    writeFileSync(join(folder, file), JSON.stringify(questions(alert, mutants)));
    return file;
  });
  const { error, stderr } = spawnSync("promtool", ["test", "rules", ...files], {
    cwd: folder,
    encoding: "utf8",
    maxBuffer: 1 << 28,
  });
  if (error) throw error;
  const other = stderr.split(/ {2}FAILED:\n/).find((said) => !/^($| {4}expr: "# )/.test(said));
  if (other !== undefined) throw new Error(`promtool must take the mutants, got: ${other}`);
  const told = new Set([...stderr.matchAll(/^ {4}expr: "# (\w+)\\n/gm)].map(([, name]) => name!));
  return Object.fromEntries(
    cases.map(({ alert, mutants }) => [
      alert.alert,
      mutants.filter((_, index) => !told.has(nameOf(alert, index))),
    ]),
  );
}

/** A file for promtool: the series of an alert, and each mutant asked what the alert is. */
function questions(alert: Declared, mutants: readonly Mutant[]): object {
  const { evaluation_interval: interval, tests } = seriesOf(alert.alert);
  return {
    evaluation_interval: interval,
    tests: tests.map(({ alert_rule_test: expectations, ...series }) => ({
      ...series,
      promql_expr_test: expectations
        .filter(({ alertname }) => alertname === alert.alert)
        .flatMap((expectation) =>
          mutants.map(({ expr }, index) => ({
            expr: `# ${nameOf(alert, index)}\n${firing(expr, alert.for, interval)}`,
            eval_time: expectation.eval_time,
            exp_samples: expectation.exp_alerts.map((one) => ({ labels: labels(one), value: 1 })),
          })),
        ),
    })),
  };
}

/**
 * PromQL that is 1 for what an alert fires: what its expression holds at each evaluation from the last one that is `wait` ago
 * up to now.
 */
function firing(expr: string, wait: string, interval: string): string {
  const step = secondsOf(interval)!;
  const before = Math.ceil(secondsOf(wait)! / step);
  // Half a step more, so that it does not matter whether a range has its ends.
  const range = `${before * step * 1000 + step * 500}ms`;
  return `0 * (count_over_time((${expr})[${range}:${interval}]) == ${before + 1}) + 1`;
}

/** Labels of an alert as a series without a name has them; severity is the rule's. */
function labels({
  exp_labels: { severity: _, ...own },
}: Expectation["exp_alerts"][number]): string {
  return `{${Object.entries(own).map(([name, value]) => `${name}=${JSON.stringify(value)}`)}}`;
}

function nameOf({ alert }: Declared, index: number): string {
  return `${alert}_${index}`;
}
