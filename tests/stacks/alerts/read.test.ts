import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { stringify } from "yaml";
import { readAlerts } from "../../../stacks/alerts/read.ts";

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
  channels: ["email", "pager"],
  summary: "No CMS pod answers.",
  runbook: "alerts/runbooks/CmsDown.md",
  detection: "4m",
};

function write(alerts: object[], interval = "30s"): void {
  writeFileSync(join(folder, "services.yaml"), stringify({ group: "services", interval, alerts }));
}

test("the catalogue of this repository has every alert that it had, in six groups", () => {
  const alerts = readAlerts();
  const groups: Record<string, string[]> = {};
  for (const [name, { group }] of Object.entries(alerts)) (groups[group] ??= []).push(name);
  expect(groups).toEqual({
    campaigns: [
      "ConversionDrop",
      "SampleRatioMismatch",
      "BudgetProjected",
      "BudgetExceeded",
      "ComplaintRateHigh",
      "UnsubscribeRateHigh",
      "NegativeMentionSpike",
    ],
    content: ["PublicationsFailing", "PublicationOverdue", "WebhookLate"],
    delivery: [
      "ChangeFailureRateHigh",
      "LeadTimeHigh",
      "BackupTooOld",
      "RestoreDrillStale",
      "DriftFound",
    ],
    pipeline: [
      "EventVolumeDrop",
      "EventVolumeSpike",
      "SpoolTooOld",
      "BadRowsGrowing",
      "EventsRefused",
      "QueueTooOld",
      "DeadLettersGrowing",
      "ConsentViolation",
      "RetentionLate",
    ],
    services: [
      "CmsDown",
      "CollectorDown",
      "WorkerDown",
      "CmsErrorBudgetFast",
      "CmsErrorBudgetSlow",
      "CollectorErrorBudgetFast",
      "CollectorErrorBudgetSlow",
      "WorkerErrorBudgetFast",
      "WorkerErrorBudgetSlow",
      "EventLoopBlocked",
      "CpuSaturated",
      "PodRestarting",
      "PublicHostDown",
      "CertificateExpiring",
      "SpoolFilling",
      "SpoolVolumeFilling",
      "DatabaseDiskFilling",
    ],
    watchdog: ["DeadMansSwitch", "MetricsStopped"],
  });
});

test("reads durations in seconds and the runbook's text", () => {
  write([good]);
  expect(readAlerts(folder).CmsDown).toMatchObject({
    group: "services",
    expression: "up < 1",
    forSeconds: 120,
    evaluationIntervalSeconds: 30,
    severity: "critical",
    channels: ["email", "pager"],
    runbook: expect.stringContaining("# CmsDown"),
  });
});

test("fails with all mistakes at once, each with file, alert, field and value", () => {
  write([
    { ...good, for: "soon", severity: "bad" },
    { ...good, alert: "Other", expr: "", runbook: "alerts/runbooks/None.md", channels: ["pigeon"] },
    { ...good, alert: "Cms-Down", expr: "up <", summary: " ", detection: "2h" },
  ]);
  const file = join(folder, "services.yaml");
  expect(() => readAlerts(folder)).toThrow(
    [
      `${file}, alert CmsDown: severity must be critical, error or warning, got "bad"`,
      `${file}, alert CmsDown: for must be a duration such as 30s, 5m or 1h, got "soon"`,
      `${file}, alert Other: expr must be a text, got ""`,
      `${file}, alert Other: channels must be a list of email, pager, chat, each once, at least one, got ["pigeon"]`,
      `${file}, alert Other: runbook must be the path of a file, got "alerts/runbooks/None.md"`,
      `${file}, alert Cms-Down: alert must be a name of letters, digits and _, the first no digit, got "Cms-Down"`,
      `${file}, alert Cms-Down: expr must be PromQL, in which the end at character 5 is none, got "up <"`,
      `${file}, alert Cms-Down: summary must be a text, got " "`,
      `${file}, alert Cms-Down: detection must be 300s at most for severity critical, got "2h"`,
    ].join("\n"),
  );
});

test.each([
  [
    "no range",
    "rate(up) > 1",
    "be PromQL, in which rate takes a range such as [5m], up at character 6 is none",
  ],
  ["a range", "up[5m]", "be PromQL, in which it is a range, which has no value at a moment"],
  [
    "a range in a sum",
    "sum(up[5m]) > 1",
    "be PromQL, in which up[5m] at character 5 is a range, where series are due",
  ],
  ["no such function", "rates(up[5m]) > 1", 'be PromQL, in which "(" at character 6 is none'],
  [
    "an unknown metric",
    "upp > 1",
    "ask for metrics of alerts/metrics/metrics.yaml, where upp is not",
  ],
  [
    "half a histogram",
    "cms_webhook_delivery_lag_seconds > 1",
    "ask for metrics of alerts/metrics/metrics.yaml, where cms_webhook_delivery_lag_seconds is not",
  ],
  [
    "a metric that is searched for",
    '{__name__=~"up.*"} > 1',
    "name the metric of each selector before its braces",
  ],
])("fails on an expression with %s", (_what, expr, rule) => {
  write([{ ...good, expr }]);
  expect(() => readAlerts(folder)).toThrow(
    `alert CmsDown: expr must ${rule}, got ${JSON.stringify(expr)}`,
  );
});

test.each([
  [
    { summary: "x".repeat(256) },
    "summary must have 255 bytes at most, which is what a notification shows",
  ],
  [{ alert: "x".repeat(501) }, "alert must have 500 characters at most"],
  [
    { channels: [] },
    "channels must be a list of email, pager, chat, each once, at least one, got []",
  ],
  [
    { channels: ["email", "email"] },
    "channels must be a list of email, pager, chat, each once, at least one",
  ],
  [{ channels: ["pager"] }, "channels must hold email, which every stack has"],
  [
    { channels: ["email"] },
    'channels must hold pager for severity critical, and for no other: nobody is woken for that, got ["email"]',
  ],
  [
    { severity: "warning" },
    "channels must hold pager for severity critical, and for no other: nobody is woken for that",
  ],
  [
    { runbook: "ARCHITECTURE.md" },
    "runbook must have, with the summary, 8192 characters and 10240 bytes at most (it has ",
  ],
  [{ detection: "soon" }, 'detection must be a duration such as 5m, 1h or 1d, got "soon"'],
  [
    { detection: "3m" },
    'detection must be 210s at least, which scrape, evaluation, for and delivery take, got "3m"',
  ],
])("fails on what the API or the promise does not allow: %j", (changed, message) => {
  write([{ ...good, ...changed }]);
  expect(() => readAlerts(folder)).toThrow(message);
});

test("fails on more alerts than a project holds", () => {
  write(
    Array.from({ length: 2001 }, (_, index) => ({
      ...good,
      alert: `Alert${index}`,
      channels: ["email", "pager"],
    })),
  );
  expect(() => readAlerts(folder)).toThrow(
    "must have 2000 alerts at most, which is what a project holds, got 2001; take some out",
  );
});

test.each(["often", "45s", "0s"])("fails on the interval %s", (interval) => {
  write([good], interval);
  expect(() => readAlerts(folder)).toThrow(
    `interval must be a multiple of 30s, such as 30s or 1m, got "${interval}"`,
  );
});

test("fails on an alert that is there twice", () => {
  write([good, good]);
  expect(() => readAlerts(folder)).toThrow(
    "services.yaml, alert CmsDown: alert must be the only one of that name",
  );
});

test.each([
  ["no group", "interval: 30s\nalerts: []\n", ": group must be a text, got nothing"],
  ["an empty file", "", " must have group, interval and alerts, got null"],
  [
    "alerts that are no list",
    "group: services\ninterval: 30s\nalerts: {b: 1}\n",
    ': alerts must be a list, got {"b":1}',
  ],
  [
    "an alert without fields",
    "group: services\ninterval: 30s\nalerts: [CmsDown]\n",
    ': each of alerts must have fields, got "CmsDown"',
  ],
  [
    "a field of the file that is misspelt",
    "group: services\nintervall: 30s\nalerts: []\n",
    ': intervall must be one of the fields group, interval, alerts, got "30s"',
  ],
  [
    "another group's name",
    "group: other\ninterval: 30s\nalerts: []\n",
    `: group must be the file's name, got "other"`,
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
    'alert CmsDown: fro must be one of the fields alert, expr, for, severity, channels, summary, runbook, detection, got "5m"',
  );
});

test("fails on a runbook that is a folder", () => {
  write([{ ...good, runbook: "alerts" }]);
  expect(() => readAlerts(folder)).toThrow('runbook must be the path of a file, got "alerts"');
});
