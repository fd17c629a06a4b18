import { mkdtempSync, readdirSync, readFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { basename, join } from "node:path";
import { parse } from "yaml";
import { clonePath } from "../../local/paths.ts";

/** An alert as its file declares it. */
export interface Declared {
  readonly alert: string;
  readonly expr: string;
  readonly for: string;
  readonly severity: string;
  readonly summary: string;
  readonly runbook: string;
  readonly group: string;
}

/** A file of series, and what is to fire on them when. */
export interface SeriesTests {
  readonly evaluation_interval: string;
  readonly tests: readonly { readonly alert_rule_test: readonly Expectation[] }[];
}

/** What is to fire at a time. */
export interface Expectation {
  readonly eval_time: string;
  readonly alertname: string;
  readonly exp_alerts: readonly { readonly exp_labels: Readonly<Record<string, string>> }[];
}

/** The folder of the catalogue. */
export const folder = join(clonePath, "alerts");

/** Every alert of the catalogue. */
export const alerts: readonly Declared[] = readdirSync(folder)
  .filter((file) => file.endsWith(".yaml"))
  .flatMap((file) => {
    const { group, alerts: own } = read(file) as {
      group: string;
      alerts: Omit<Declared, "group">[];
    };
    return own.map((alert) => ({ ...alert, group }));
  });

/** Names of the alerts that have series. */
export const tested = readdirSync(join(folder, "tests")).map((file) => basename(file, ".yaml"));

/** The series of an alert. Each value is a text, as promtool reads it: `0x20` is no number. */
export function seriesOf(alert: string): SeriesTests {
  const text = readFileSync(join(folder, "tests", `${alert}.yaml`), "utf8");
  return parse(text, { schema: "failsafe" }) as SeriesTests;
}

/** An alert as Prometheus reads it; without annotations, which every series test would have to repeat. */
export function rulesOf({ alert, expr, for: wait, severity, group }: Declared): object {
  const rules = [{ alert, expr, for: wait, labels: { severity } }];
  return { groups: [{ name: group, rules }] };
}

/** A folder for rule files. */
export function ruleFolder(): string {
  return mkdtempSync(join(tmpdir(), "alerts-"));
}

function read(path: string): unknown {
  return parse(readFileSync(join(folder, path), "utf8"));
}
