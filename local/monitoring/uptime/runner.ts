import { Gauge, Registry } from "prom-client";
import { namespaceOf } from "../delivery/namespaced.ts";
import { secondsOf } from "../protos/duration.ts";
import type { UptimeCheck } from "../rules/uptime-check.ts";
import type { State } from "../state/state.ts";
import { ask, hostOf, type Finding } from "./ask.ts";

/** How often it is looked which checks are due, in milliseconds. */
const TICK = 1000;

/** How the uptime checks of all projects do. */
export interface UptimeRunner {
  /** What the last run of a check found; undefined before the first and for one that cannot be run from here. */
  latest(check: string): Finding | undefined;
  /** The findings for Prometheus, named and labelled as Cloud Monitoring does it for PromQL. */
  metrics(): Promise<string>;
  end(): void;
}

/** Runs the stored uptime checks, each once in its period, from now on. */
export function runUptimeChecks(state: State): UptimeRunner {
  const findings = new Map<string, Finding>();
  const begun = new Map<string, number>();
  const timer = setInterval(() => {
    const checks = checksIn(state);
    for (const name of begun.keys()) {
      if (checks.some(({ check }) => check.name === name)) continue;
      begun.delete(name);
      findings.delete(name);
    }
    for (const { check, host } of checks) {
      const period = secondsOf(check.period ?? "60s") * 1000;
      if (Date.now() - (begun.get(check.name) ?? 0) < period) continue;
      begun.set(check.name, Date.now());
      void ask(check, host).then((finding) => {
        // A check that is gone meanwhile stays gone.
        if (begun.has(check.name)) findings.set(check.name, finding);
      });
    }
  }, TICK);
  timer.unref();
  return {
    latest: (check) => findings.get(check),
    metrics: () => textOf(checksIn(state), findings),
    end: () => clearInterval(timer),
  };
}

interface Runnable {
  readonly check: UptimeCheck;
  readonly host: string;
  readonly project: string;
}

function checksIn(state: State): Runnable[] {
  return state.projects().flatMap((project) => {
    const checks = Object.values(project.collection("uptimeCheckConfigs"));
    return (checks as unknown as UptimeCheck[]).flatMap((check) => {
      const host = hostOf(check);
      return host === undefined ? [] : [{ check, host, project: project.id }];
    });
  });
}

const PREFIX = "monitoring_googleapis_com:uptime_check_";
const labelNames = ["check_id", "host", "checker_location", "project_id", "namespace"] as const;

function textOf(
  checks: readonly Runnable[],
  findings: ReadonlyMap<string, Finding>,
): Promise<string> {
  const registry = new Registry();
  const gauge = (name: string, help: string): Gauge<(typeof labelNames)[number]> =>
    new Gauge({ name: `${PREFIX}${name}`, help, labelNames, registers: [registry] });
  const passed = gauge("check_passed", "1 if the last run passed, 0 if not.");
  const latency = gauge("request_latency", "Time of the last run, in milliseconds.");
  const certificate = gauge(
    "time_until_ssl_cert_expires",
    "Days until the certificate of the host expires.",
  );
  for (const { check, host, project } of checks) {
    const finding = findings.get(check.name);
    if (!finding) continue;
    const labels = {
      check_id: check.name.split("/").at(-1)!,
      host,
      checker_location: "local",
      project_id: project,
      namespace: namespaceOf(project),
    };
    passed.set(labels, Number(finding.passed));
    latency.set(labels, finding.latency);
    if (finding.certificateDays !== undefined) certificate.set(labels, finding.certificateDays);
  }
  return registry.metrics();
}
