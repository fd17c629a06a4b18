import { createHash } from "node:crypto";
import type { Hono } from "hono";
import { incidentsOf } from "../incidents/log.ts";
import type { Watch } from "../incidents/watch.ts";
import type { AlertPolicy } from "../rules/alert-policy.ts";
import type { UptimeCheck } from "../rules/uptime-check.ts";
import type { Project, State } from "../state/state.ts";
import { hostOf } from "../uptime/ask.ts";
import type { UptimeRunner } from "../uptime/runner.ts";
import { page, type ShownProject } from "./page.ts";
import { policyState } from "./policy-state.ts";

/** What the page shows beside what is stored. */
export interface PageSources {
  readonly state: State;
  readonly uptime: Pick<UptimeRunner, "latest">;
  /** What is known of the alerts; undefined where nothing evaluates them. */
  readonly watch: () => Watch | undefined;
}

/** Adds the page: policies, their state, incidents and their history, at `/`. */
export function servePage(app: Hono, sources: PageSources): void {
  app.get("/", async (context) => {
    const text = String(
      await page({ projects: sources.state.projects().map(shown), problems: problems() }),
    );
    const inline = /<style>([^]*?)<\/style>/.exec(text)![1]!;
    const hash = createHash("sha256").update(inline).digest("base64");
    context.header(
      "Content-Security-Policy",
      `default-src 'none'; style-src 'sha256-${hash}'; frame-ancestors 'none'; base-uri 'none'; form-action 'none'`,
    );
    return context.html(text);
  });

  function problems(): string[] {
    const since = sources.watch()?.silentSince;
    return [
      ...sources.state.setAside.map(
        ({ path, reason }) => `A state file could not be read (${reason}); it is kept as ${path}.`,
      ),
      ...(since === undefined
        ? []
        : [`Prometheus has not evaluated since ${new Date(since).toISOString()}.`]),
    ];
  }

  function shown(project: Project): ShownProject {
    const policies = Object.values(project.collection("alertPolicies"));
    const checks = Object.values(project.collection("uptimeCheckConfigs"));
    return {
      id: project.id,
      policies: (policies as unknown as (AlertPolicy & { severity?: string })[])
        .map((policy) => ({
          name: policy.displayName!,
          severity: policy.severity?.toLowerCase() ?? "",
          state: policyState(policy, project.id, sources.watch()),
          channels: (policy.notificationChannels ?? []).map((name) => channelName(project, name)),
        }))
        .sort((a, b) => (a.name < b.name ? -1 : 1)),
      checks: (checks as unknown as UptimeCheck[]).map((check) => shownCheck(check)),
      incidents: incidentsOf(project),
    };
  }

  function shownCheck(check: UptimeCheck): ShownProject["checks"][number] {
    const host = hostOf(check);
    const common = { name: check.displayName!, target: host ?? "" };
    if (host === undefined) {
      return { ...common, state: "not run", detail: "only hosts can be asked from here" };
    }
    const finding = sources.uptime.latest(check.name);
    if (!finding) return { ...common, state: "waiting", detail: "for its first run" };
    const state = finding.passed ? "passed" : "failed";
    return { ...common, state, detail: finding.reason || `${finding.latency} ms` };
  }
}

function channelName(project: Project, name: string): string {
  const { displayName, type } = (project.collection("notificationChannels")[name] ?? {}) as {
    displayName?: string;
    type?: string;
  };
  return displayName ? `${displayName} (${type})` : (type ?? "");
}
