import { Gauge, Registry } from "prom-client";
import { namespaceOf } from "../delivery/namespaced.ts";
import { secondsOf } from "../protos/duration.ts";
import type { UptimeCheck } from "../rules/uptime-check.ts";
import type { State } from "../state/state.ts";
import { ask, hostOf, type Finding } from "./ask.ts";

/** How often it is looked which checks are due, in milliseconds. */
const TICK = 1000;

/** Where Google asks from, by region, as the label `checker_location` has it. */
const placeIn: Readonly<Record<string, string>> = {
  USA_OREGON: "usa-oregon",
  EUROPE: "eur-belgium",
  USA_IOWA: "usa-iowa",
  ASIA_PACIFIC: "apac-singapore",
  USA_VIRGINIA: "usa-virginia",
  SOUTH_AMERICA: "sa-brazil-sao_paulo",
};

/** How the uptime checks of all projects do. */
export interface UptimeRunner {
  /** What the last run of a check found, whichever place it was for; undefined before the first and for one that cannot be run from here. */
  latest(check: string): Finding | undefined;
  /** The findings for Prometheus, named and labelled as Cloud Monitoring does it for PromQL. */
  metrics(): Promise<string>;
  end(): void;
}

/** What was found last for each place; the latest one stands last. */
type Findings = Map<string, Finding>;

/**
 * Runs the stored uptime checks from now on, each once in its period for each of its places, one place after the other: a
 * pause that is shorter than half a period is seen by fewer than half of them.
 */
export function runUptimeChecks(state: State): UptimeRunner {
  const findings = new Map<string, Findings>();
  const begun = new Map<string, { readonly at: number; readonly runs: number }>();
  const timer = setInterval(() => {
    const checks = checksIn(state);
    for (const name of begun.keys()) {
      if (checks.some(({ check }) => check.name === name)) continue;
      begun.delete(name);
      findings.delete(name);
    }
    for (const { check, host } of checks) {
      const places = placesOf(check);
      const pause = (secondsOf(check.period ?? "60s") * 1000) / places.length;
      const { at, runs } = begun.get(check.name) ?? { at: 0, runs: 0 };
      if (Date.now() - at < pause) continue;
      begun.set(check.name, { at: Date.now(), runs: runs + 1 });
      const place = places[runs % places.length]!;
      void ask(check, host).then((finding) => {
        // A check that is gone meanwhile stays gone.
        if (!begun.has(check.name)) return;
        const found: Findings = findings.get(check.name) ?? new Map();
        found.delete(place);
        findings.set(check.name, found.set(place, finding));
      });
    }
  }, TICK);
  timer.unref();
  return {
    latest: (check) => [...(findings.get(check)?.values() ?? [])].at(-1),
    metrics: () => textOf(checksIn(state), findings),
    end: () => clearInterval(timer),
  };
}

function placesOf({ selectedRegions = [] }: UptimeCheck): string[] {
  return Object.entries(placeIn)
    .filter(
      ([region]) =>
        selectedRegions.length === 0 ||
        selectedRegions.some((selected) => `${region}_`.startsWith(`${selected}_`)),
    )
    .map(([, place]) => place);
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
  findings: ReadonlyMap<string, Findings>,
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
    for (const [place, finding] of findings.get(check.name) ?? []) {
      const labels = {
        check_id: check.name.split("/").at(-1)!,
        host,
        checker_location: place,
        project_id: project,
        namespace: namespaceOf(project),
      };
      passed.set(labels, Number(finding.passed));
      latency.set(labels, finding.latency);
      if (finding.certificateDays !== undefined) certificate.set(labels, finding.certificateDays);
    }
  }
  return registry.metrics();
}
