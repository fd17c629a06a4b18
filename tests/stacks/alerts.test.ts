import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { stringify } from "yaml";
import { readAlerts } from "../../stacks/alerts.ts";

let folder: string;
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), "alerts-"));
});
afterEach(() => rmSync(folder, { recursive: true, force: true }));

const good = {
  alert: "CmsDown",
  expr: "up < 1",
  for: "2m",
  severity: "critical",
  summary: "No CMS pod answers.",
  runbook: "README.md",
};

function write(alerts: object[], interval = "30s"): void {
  writeFileSync(join(folder, "services.yaml"), stringify({ group: "services", interval, alerts }));
}

test("the catalogue of this repository is six alerts", () => {
  expect(Object.keys(readAlerts()).sort()).toEqual([
    "CmsDown",
    "CollectorDown",
    "ConsentViolation",
    "QueueTooOld",
    "SpoolTooOld",
    "WorkerDown",
  ]);
});

test("reads durations in seconds and the runbook's text", () => {
  write([good]);
  expect(readAlerts(folder).CmsDown).toMatchObject({
    group: "services",
    expression: "up < 1",
    forSeconds: 120,
    evaluationIntervalSeconds: 30,
    severity: "critical",
    runbook: expect.stringContaining("# marketing-stack"),
  });
});

test("fails with all mistakes at once, each with file, alert, field and value", () => {
  write([
    { ...good, for: "soon", severity: "bad" },
    { ...good, alert: "Other", expr: "", runbook: "alerts/runbooks/None.md" },
  ]);
  const file = join(folder, "services.yaml");
  expect(() => readAlerts(folder)).toThrow(
    [
      `${file}, alert CmsDown: severity must be critical, error or warning, got "bad"`,
      `${file}, alert CmsDown: for must be a duration such as 30s, 5m or 1h, got "soon"`,
      `${file}, alert Other: expr must be a text, got ""`,
      `${file}, alert Other: runbook must be the path of a file, got "alerts/runbooks/None.md"`,
    ].join("\n"),
  );
});

test("fails on an alert that is there twice", () => {
  write([good, good]);
  expect(() => readAlerts(folder)).toThrow(
    "services.yaml, alert CmsDown: alert must be the only one of that name",
  );
});

test("fails on a wrong interval", () => {
  write([good], "often");
  expect(() => readAlerts(folder)).toThrow('interval must be a duration such as 30s, got "often"');
});

test.each([
  ["no group", "interval: 30s\nalerts: []\n", ": group must be a text, got nothing"],
  ["an empty file", "", " must have group, interval and alerts, got null"],
  [
    "alerts that are no list",
    "group: a\ninterval: 30s\nalerts: {b: 1}\n",
    ': alerts must be a list, got {"b":1}',
  ],
  [
    "an alert without fields",
    "group: a\ninterval: 30s\nalerts: [CmsDown]\n",
    ': each of alerts must have fields, got "CmsDown"',
  ],
  [
    "a field of the file that is misspelt",
    "group: a\nintervall: 30s\nalerts: []\n",
    ': intervall must be one of the fields group, interval, alerts, got "30s"',
  ],
  ["broken YAML", "group: [a\n", " must be YAML, got: "],
])("fails on %s with the file's name", (_what, text, message) => {
  const file = join(folder, "services.yaml");
  writeFileSync(file, text);
  expect(() => readAlerts(folder)).toThrow(`${file}${message}`);
});

test("fails on a field of an alert that is misspelt, naming the known ones", () => {
  write([{ ...good, fro: "5m" }]);
  expect(() => readAlerts(folder)).toThrow(
    'alert CmsDown: fro must be one of the fields alert, expr, for, severity, summary, runbook, got "5m"',
  );
});

test("fails on a runbook that is a folder", () => {
  write([{ ...good, runbook: "alerts" }]);
  expect(() => readAlerts(folder)).toThrow('runbook must be the path of a file, got "alerts"');
});
