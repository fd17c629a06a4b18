import { execFileSync } from "node:child_process";
import {
  copyFileSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  rmSync,
  writeFileSync,
} from "node:fs";
import { tmpdir } from "node:os";
import { basename, join } from "node:path";
import { parse } from "yaml";
import { clonePath } from "../../local/paths.ts";

interface Alert {
  readonly alert: string;
  readonly expr: string;
  readonly for: string;
  readonly severity: string;
  readonly summary: string;
  readonly runbook: string;
}

interface Group {
  readonly group: string;
  readonly interval: string;
  readonly alerts: readonly Alert[];
}

interface SeriesTest {
  readonly alert_rule_test: readonly {
    readonly alertname: string;
    readonly exp_alerts: readonly unknown[];
  }[];
}

const catalogue = join(clonePath, "alerts");
const files = readdirSync(catalogue).filter((file) => file.endsWith(".yaml"));
const groups = files.map((file) => read<Group>(file));
const alerts = groups.flatMap((group) =>
  group.alerts.map((alert) => [alert.alert, alert, group] as const),
);

function read<T>(path: string): T {
  return parse(readFileSync(join(catalogue, path), "utf8")) as T;
}

/** The group as Prometheus reads it; without annotations, which every series test would have to repeat. */
function prometheusRules({ group, interval, alerts: own }: Group): object {
  const rules = own.map(({ alert, expr, for: wait, severity }) => {
    return { alert, expr, for: wait, labels: { severity } };
  });
  return { groups: [{ name: group, interval, rules }] };
}

let folder: string;

beforeAll(() => {
  folder = mkdtempSync(join(tmpdir(), "alerts-"));
  for (const group of groups) {
    writeFileSync(
      join(folder, `${group.group}.rules.yaml`),
      JSON.stringify(prometheusRules(group)),
    );
    copyFileSync(
      join(catalogue, "tests", `${group.group}.yaml`),
      join(folder, `${group.group}.yaml`),
    );
  }
});

afterAll(() => rmSync(folder, { recursive: true, force: true }));

/** Runs promtool; its complaints become the error. */
function promtool(...args: string[]): void {
  execFileSync("promtool", args, { cwd: folder, stdio: "pipe" });
}

test("the catalogue has the six alerts of a running stack", () => {
  expect(alerts.map(([name]) => name).sort()).toEqual([
    "CmsDown",
    "CollectorDown",
    "ConsentViolation",
    "QueueTooOld",
    "SpoolTooOld",
    "WorkerDown",
  ]);
});

test.each(groups.map((group, index) => [group.group, files[index]!, group] as const))(
  "group %s is the file's name and is evaluated every multiple of 30 s",
  (name, file, { interval }) => {
    expect(basename(file, ".yaml")).toBe(name);
    expect(interval).toMatch(/^\d+s$/);
    expect(Number.parseInt(interval) % 30).toBe(0);
  },
);

test.each(groups.map(({ group }) => group))("promtool accepts the rules of group %s", (group) => {
  promtool("check", "rules", `${group}.rules.yaml`);
});

test.each(groups.map(({ group }) => group))(
  "group %s fires and is silent where its series tests say",
  (group) => {
    promtool("test", "rules", `${group}.yaml`);
  },
);

test.each(alerts)("%s has a case that fires and one that is silent", (name, _alert, { group }) => {
  const expectations = read<{ tests: SeriesTest[] }>(`tests/${group}.yaml`)
    .tests.flatMap((series) => series.alert_rule_test)
    .filter(({ alertname }) => alertname === name)
    .map(({ exp_alerts }) => exp_alerts.length > 0);
  expect(new Set(expectations)).toEqual(new Set([true, false]));
});

test.each(alerts)(
  "%s has a severity, a sentence and a runbook with three things to do",
  (name, alert) => {
    expect(["critical", "error", "warning"]).toContain(alert.severity);
    expect(alert.summary).toMatch(/^[A-Z].{20,200}\.$/);
    expect(alert.runbook).toBe(`alerts/runbooks/${name}.md`);
    const runbook = readFileSync(join(clonePath, alert.runbook), "utf8");
    expect(runbook).toMatch(new RegExp(`^# ${name}\n`));
    expect(runbook.match(/^[123]\. /gm)).toEqual(["1. ", "2. ", "3. "]);
  },
);

test.each(alerts)(
  "%s means the same to Prometheus and to Cloud Monitoring",
  (_name, { expr, for: wait }) => {
    expect(expr).not.toMatch(/__name__|keep_firing_for|namespace/);
    expect(wait).toMatch(/^\d+[smh]$/);
  },
);

test("every runbook belongs to an alert", () => {
  const runbooks = readdirSync(join(catalogue, "runbooks")).map((file) => basename(file, ".md"));
  expect(runbooks.filter((name) => !alerts.some(([alert]) => alert === name))).toEqual([]);
});
