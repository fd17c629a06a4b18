import { statSync, readFileSync } from "node:fs";
import { alertChannels } from "../../infra/alert-channels.ts";
import { documentation, type Alert, type Severity } from "../../infra/alert-policies.ts";
import { DETECTION_BUDGETS, leastDetection } from "./detection.ts";
import { secondsOf } from "./durations.ts";
import { metricsIn, promqlProblem } from "./promql.ts";

/** Notes that `field` of the entry at hand breaks `rule`. */
export type Report = (field: string, rule: string) => void;

/** The fields of an alert. */
export const ALERT_FIELDS = [
  "alert",
  "expr",
  "for",
  "severity",
  "channels",
  "summary",
  "runbook",
  "detection",
];

/** Most of what the API takes of one policy. */
const MOST = { nameCharacters: 500, subjectBytes: 255, characters: 8192, bytes: 10_240 };

/** Checks one alert: every rule that it breaks is reported. */
export function checkAlert(
  entry: Readonly<Record<string, unknown>>,
  group: { readonly intervalSeconds: number; readonly metrics: ReadonlySet<string> },
  wrong: Report,
): void {
  const { alert, expr, severity, channels, summary } = entry;
  if (!/^[A-Za-z_][A-Za-z0-9_]*$/.test(String(alert))) {
    wrong("alert", "be a name of letters, digits and _, the first no digit");
  } else if (String(alert).length > MOST.nameCharacters) {
    wrong("alert", `have ${MOST.nameCharacters} characters at most`);
  }
  if (!isText(expr)) wrong("expr", "be a text");
  else checkExpression(expr, group.metrics, wrong);
  if (!(String(severity) in DETECTION_BUDGETS)) {
    wrong("severity", "be critical, error or warning");
  }
  if (
    !Array.isArray(channels) ||
    channels.length === 0 ||
    new Set(channels).size < channels.length ||
    channels.some((channel) => !alertChannels.includes(channel))
  ) {
    wrong("channels", `be a list of ${alertChannels.join(", ")}, each once, at least one`);
  } else if (!channels.includes("email")) {
    wrong("channels", "hold email, which every stack has");
  } else if (
    String(severity) in DETECTION_BUDGETS &&
    channels.includes("pager") !== (severity === "critical")
  ) {
    wrong(
      "channels",
      "hold pager for severity critical, and for no other: nobody is woken for that",
    );
  }
  if (!isText(summary)) wrong("summary", "be a text");
  else if (Buffer.byteLength(summary) > MOST.subjectBytes) {
    wrong("summary", `have ${MOST.subjectBytes} bytes at most, which is what a notification shows`);
  }
  checkRunbook(entry, wrong);
  const forSeconds = secondsOf(entry.for);
  if (forSeconds === undefined) wrong("for", "be a duration such as 30s, 5m or 1h");
  checkDetection(entry, { forSeconds, evaluationIntervalSeconds: group.intervalSeconds }, wrong);
}

function checkExpression(expression: string, known: ReadonlySet<string>, wrong: Report): void {
  const problem = promqlProblem(expression);
  if (problem !== undefined) return wrong("expr", `be PromQL, in which ${problem}`);
  for (const metric of metricsIn(expression)) {
    if (metric === "") wrong("expr", "name the metric of each selector before its braces");
    else if (!known.has(metric)) {
      wrong("expr", `ask for metrics of alerts/metrics/metrics.yaml, where ${metric} is not`);
    }
  }
}

function checkRunbook(entry: Readonly<Record<string, unknown>>, wrong: Report): void {
  const path = String(entry.runbook);
  if (!statSync(path, { throwIfNoEntry: false })?.isFile()) {
    return wrong("runbook", "be the path of a file");
  }
  const content = documentation({
    summary: String(entry.summary),
    runbook: readFileSync(path, "utf8"),
  });
  const { length } = [...content];
  if (length > MOST.characters || Buffer.byteLength(content) > MOST.bytes) {
    wrong(
      "runbook",
      `have, with the summary, ${MOST.characters} characters and ${MOST.bytes} bytes at most (it has ${length} and ${Buffer.byteLength(content)})`,
    );
  }
}

function checkDetection(
  entry: Readonly<Record<string, unknown>>,
  times: {
    readonly forSeconds: number | undefined;
    readonly evaluationIntervalSeconds: number;
  },
  wrong: Report,
): void {
  const promised = secondsOf(entry.detection);
  if (promised === undefined) return wrong("detection", "be a duration such as 5m, 1h or 1d");
  const { forSeconds, ...rest } = times;
  const least = forSeconds === undefined ? 0 : leastDetection({ forSeconds, ...rest });
  if (promised < least) {
    wrong("detection", `be ${least}s at least, which scrape, evaluation, for and delivery take`);
  }
  const budget = DETECTION_BUDGETS[entry.severity as Severity] as number | undefined;
  if (budget !== undefined && promised > budget) {
    wrong("detection", `be ${budget}s at most for severity ${String(entry.severity)}`);
  }
}

/** Whether it is a text that says something. */
export function isText(value: unknown): value is string {
  return typeof value === "string" && value.trim() !== "";
}

/** The alert that an entry without mistakes is. */
export function alertOf(
  entry: Readonly<Record<string, unknown>>,
  group: { readonly name: string; readonly intervalSeconds: number },
): Alert {
  return {
    group: group.name,
    expression: String(entry.expr),
    forSeconds: secondsOf(entry.for)!,
    evaluationIntervalSeconds: group.intervalSeconds,
    severity: entry.severity as Severity,
    channels: entry.channels as Alert["channels"],
    summary: String(entry.summary),
    runbook: readFileSync(String(entry.runbook), "utf8"),
  };
}
