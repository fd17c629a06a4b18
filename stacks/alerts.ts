import { existsSync, readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { parse } from "yaml";
import type { Alert, Severity } from "../infra/alert-policies.ts";

/** Seconds of each unit of a duration. */
const UNITS = { s: 1, m: 60, h: 3600 } as const;

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
    const group = parse(readFileSync(join(folder, file), "utf8")) as Record<string, unknown>;
    for (const entry of (group.alerts ?? []) as Record<string, unknown>[]) {
      const name = String(entry.alert);
      const where = `${join(folder, file)}, alert ${name}`;
      const wrong = (field: string, rule: string): void => {
        problems.push(
          `${where}: ${field} must ${rule}, got ${JSON.stringify(entry[field]) ?? "nothing"}`,
        );
      };
      if (alerts[name]) wrong("alert", "be the only one of that name");
      for (const field of ["expr", "summary"]) {
        if (typeof entry[field] !== "string" || entry[field] === "") wrong(field, "be a text");
      }
      if (!["critical", "error", "warning"].includes(String(entry.severity))) {
        wrong("severity", "be critical, error or warning");
      }
      const forSeconds = seconds(entry.for);
      if (forSeconds === undefined) wrong("for", "be a duration such as 30s, 5m or 1h");
      const interval = seconds(group.interval);
      if (interval === undefined)
        problems.push(
          `${join(folder, file)}: interval must be a duration such as 30s, got ${JSON.stringify(group.interval)}`,
        );
      const runbook = String(entry.runbook);
      if (!existsSync(runbook)) wrong("runbook", "be the path of a file");
      if (problems.length > 0) continue;
      alerts[name] = {
        group: String(group.group),
        expression: String(entry.expr),
        forSeconds: forSeconds!,
        evaluationIntervalSeconds: interval!,
        severity: entry.severity as Severity,
        summary: String(entry.summary),
        runbook: readFileSync(runbook, "utf8"),
      };
    }
  }
  if (problems.length > 0) throw new Error(problems.join("\n"));
  return alerts;
}

function seconds(duration: unknown): number | undefined {
  const match = /^(\d+)([smh])$/.exec(String(duration));
  return match ? Number(match[1]) * UNITS[match[2] as keyof typeof UNITS] : undefined;
}
