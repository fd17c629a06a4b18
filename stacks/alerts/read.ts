import { readdirSync, readFileSync } from "node:fs";
import { basename, join } from "node:path";
import { parse } from "yaml";
import type { Alert } from "../../infra/alert-policies.ts";
import { secondsOf } from "./durations.ts";
import { readMetrics, seriesOf } from "./metrics.ts";
import { ALERT_FIELDS, alertOf, checkAlert, isText, type Report } from "./rules.ts";

const FILE_FIELDS = ["group", "interval", "alerts"];

/** Most alert policies of a project, by the API. */
const MOST_ALERTS = 2000;

/**
 * The alert catalogue: every `*.yaml` in `folder`, by alert.
 *
 * @throws Error naming file, alert, field, value and what is allowed, for all mistakes at once.
 */
export function readAlerts(folder = "alerts"): Record<string, Alert> {
  const problems: string[] = [];
  const alerts: Record<string, Alert> = {};
  const metrics = new Set(readMetrics().flatMap(seriesOf));
  for (const file of readdirSync(folder)
    .filter((name) => name.endsWith(".yaml"))
    .sort()) {
    readGroup(join(folder, file), { alerts, metrics, problems });
  }
  const count = Object.keys(alerts).length;
  if (count > MOST_ALERTS) {
    problems.push(
      `${folder} must have ${MOST_ALERTS} alerts at most, which is what a project holds, got ${count}; take some out`,
    );
  }
  if (problems.length > 0) throw new Error(problems.join("\n"));
  return alerts;
}

/** What is known while the catalogue is read. */
interface Reading {
  readonly alerts: Record<string, Alert>;
  /** Names of the series that there are. */
  readonly metrics: ReadonlySet<string>;
  readonly problems: string[];
}

/** Adds the alerts of one file to `alerts`, and what is wrong with it to `problems`. */
function readGroup(path: string, { alerts, metrics, problems }: Reading): void {
  const group = readYaml(path, problems);
  if (group === undefined) return;
  const before = problems.length;
  const wrong = reporter(path, group, problems);
  requireKnown(group, FILE_FIELDS, wrong);
  if (!isText(group.group)) wrong("group", "be a text");
  else if (group.group !== basename(path, ".yaml")) wrong("group", "be the file's name");
  const intervalSeconds = secondsOf(group.interval) ?? 0;
  if (intervalSeconds <= 0 || intervalSeconds % 30 !== 0) {
    wrong("interval", "be a multiple of 30s, such as 30s or 1m");
  }
  if (!Array.isArray(group.alerts)) wrong("alerts", "be a list");
  if (problems.length > before) return;

  for (const entry of group.alerts as unknown[]) {
    if (!isMapping(entry)) {
      problems.push(`${path}: each of alerts must have fields, got ${JSON.stringify(entry)}`);
      continue;
    }
    const name = String(entry.alert);
    const count = problems.length;
    const report = reporter(`${path}, alert ${name}`, entry, problems);
    requireKnown(entry, ALERT_FIELDS, report);
    checkAlert(entry, { intervalSeconds, metrics }, report);
    if (Object.hasOwn(alerts, name)) report("alert", "be the only one of that name");
    if (problems.length > count) continue;
    alerts[name] = alertOf(entry, { name: String(group.group), intervalSeconds });
  }
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

/** Whether it has fields. */
export function isMapping(value: unknown): value is Record<string, unknown> {
  return typeof value === "object" && value !== null && !Array.isArray(value);
}
