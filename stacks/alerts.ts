import { readdirSync, readFileSync, statSync } from "node:fs";
import { join } from "node:path";
import { parse } from "yaml";
import type { Alert, Severity } from "../infra/alert-policies.ts";

/** Seconds of each unit of a duration. */
const UNITS = { s: 1, m: 60, h: 3600 } as const;

const FILE_FIELDS = ["group", "interval", "alerts"];
const ALERT_FIELDS = ["alert", "expr", "for", "severity", "summary", "runbook"];
const SEVERITIES = ["critical", "error", "warning"];

/** Notes that `field` of the entry at hand breaks `rule`. */
type Report = (field: string, rule: string) => void;

/**
 * The alert catalogue: every `*.yaml` in `folder`, by alert.
 *
 * @throws Error naming file, alert, field, value and what is allowed, for all mistakes at once.
 */
export function readAlerts(folder = "alerts"): Record<string, Alert> {
  const problems: string[] = [];
  const alerts: Record<string, Alert> = {};
  for (const file of readdirSync(folder)
    .filter((name) => name.endsWith(".yaml"))
    .sort()) {
    readGroup(join(folder, file), alerts, problems);
  }
  if (problems.length > 0) throw new Error(problems.join("\n"));
  return alerts;
}

/** Adds the alerts of one file to `alerts`, and what is wrong with it to `problems`. */
function readGroup(path: string, alerts: Record<string, Alert>, problems: string[]): void {
  const group = readYaml(path, problems);
  if (group === undefined) return;
  const before = problems.length;
  const wrong = reporter(path, group, problems);
  requireKnown(group, FILE_FIELDS, wrong);
  if (!isText(group.group)) wrong("group", "be a text");
  const interval = seconds(group.interval);
  if (interval === undefined) wrong("interval", "be a duration such as 30s");
  if (!Array.isArray(group.alerts)) wrong("alerts", "be a list");
  if (problems.length > before) return;

  for (const entry of group.alerts as unknown[]) {
    if (!isMapping(entry)) {
      problems.push(`${path}: each of alerts must have fields, got ${JSON.stringify(entry)}`);
      continue;
    }
    const name = String(entry.alert);
    const count = problems.length;
    requireAlert(entry, reporter(`${path}, alert ${name}`, entry, problems));
    if (name in alerts) {
      problems.push(`${path}, alert ${name}: alert must be the only one of that name`);
    }
    if (problems.length > count) continue;
    alerts[name] = {
      group: String(group.group),
      expression: String(entry.expr),
      forSeconds: seconds(entry.for)!,
      evaluationIntervalSeconds: interval!,
      severity: entry.severity as Severity,
      summary: String(entry.summary),
      runbook: readFileSync(String(entry.runbook), "utf8"),
    };
  }
}

function requireAlert(entry: Record<string, unknown>, wrong: Report): void {
  requireKnown(entry, ALERT_FIELDS, wrong);
  for (const field of ["alert", "expr", "summary"]) {
    if (!isText(entry[field])) wrong(field, "be a text");
  }
  if (!SEVERITIES.includes(String(entry.severity))) {
    wrong("severity", "be critical, error or warning");
  }
  if (seconds(entry.for) === undefined) wrong("for", "be a duration such as 30s, 5m or 1h");
  const isFile = statSync(String(entry.runbook), { throwIfNoEntry: false })?.isFile() ?? false;
  if (!isFile) wrong("runbook", "be the path of a file");
}

function requireKnown(
  entry: Record<string, unknown>,
  known: readonly string[],
  wrong: Report,
): void {
  for (const field of Object.keys(entry)) {
    if (!known.includes(field)) wrong(field, `be one of the fields ${known.join(", ")}`);
  }
}

/** Content of a YAML file that is a mapping; undefined, with the reason in `problems`, if it is none. */
function readYaml(path: string, problems: string[]): Record<string, unknown> | undefined {
  let content: unknown;
  try {
    content = parse(readFileSync(path, "utf8"));
  } catch (error) {
    problems.push(`${path} must be YAML, got: ${(error as Error).message}`);
    return undefined;
  }
  if (isMapping(content)) return content;
  problems.push(`${path} must have group, interval and alerts, got ${JSON.stringify(content)}`);
  return undefined;
}

function reporter(where: string, entry: Record<string, unknown>, problems: string[]): Report {
  return (field, rule) => {
    const got = JSON.stringify(entry[field]) ?? "nothing";
    problems.push(`${where}: ${field} must ${rule}, got ${got}`);
  };
}

function isMapping(value: unknown): value is Record<string, unknown> {
  return typeof value === "object" && value !== null && !Array.isArray(value);
}

function isText(value: unknown): boolean {
  return typeof value === "string" && value !== "";
}

function seconds(duration: unknown): number | undefined {
  const match = /^(\d+)([smh])$/.exec(String(duration));
  return match ? Number(match[1]) * UNITS[match[2] as keyof typeof UNITS] : undefined;
}
