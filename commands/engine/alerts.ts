import { GoogleAuth } from "google-auth-library";
import { readPlatform } from "../../local/platform.ts";
import type { StackSettings } from "./settings.ts";

/** Where a stack's alert policies, and what else Cloud Monitoring holds of it, are. */
export interface Monitoring {
  /** Ends with a slash. */
  readonly endpoint: string;
  readonly headers: Readonly<Record<string, string>>;
  readonly project: string;
}

interface Listed {
  readonly name: string;
  readonly userLabels?: Readonly<Record<string, string>>;
  /** What a dashboard has instead. */
  readonly labels?: Readonly<Record<string, string>>;
  /** Names of the channels that an alert policy notifies. */
  readonly notificationChannels?: readonly string[];
}

/**
 * Removes the alert policies, notification channels, uptime checks, services with their objectives, and dashboards of a
 * stack that nobody wrote down: the API gives most of them names of its own, so what an engine created in the moment in which it was killed is
 * found by its labels only. A channel that somebody else's policy notifies stays: the API refuses to delete it, and the
 * policy would go unheard.
 *
 * @param known names (`projects/…`) that stay.
 * @returns the names that are gone.
 * @throws Error naming what the API does not list or delete.
 */
export async function removeUnknownAlerts(
  stack: string,
  known: ReadonlySet<string>,
  monitoring: Monitoring,
): Promise<string[]> {
  const isOurs = ({ labels, userLabels = labels }: Listed): boolean =>
    userLabels?.app === "marketing-stack" && userLabels.env === stack;
  const isUnknown = (one: Listed): boolean => isOurs(one) && !known.has(one.name);
  const policies = await list(monitoring, "alertPolicies");
  // Policies first: a channel that one uses is refused.
  const removed = await remove(monitoring, policies.filter(isUnknown));
  const used = new Set(
    policies
      .filter((policy) => !isUnknown(policy))
      .flatMap(({ notificationChannels = [] }) => notificationChannels),
  );
  const channels = await list(monitoring, "notificationChannels");
  const unused = channels.filter((channel) => isUnknown(channel) && !used.has(channel.name));
  removed.push(...(await remove(monitoring, unused)));
  const services = (await list(monitoring, "services")).filter(isOurs);
  // An unknown one takes its objectives with it.
  removed.push(...(await remove(monitoring, services.filter(isUnknown))));
  for (const { name } of services.filter((service) => !isUnknown(service))) {
    const kind = `services/${name.split("/").pop()}/serviceLevelObjectives`;
    const objectives = await list(monitoring, kind);
    removed.push(...(await remove(monitoring, objectives.filter(isUnknown))));
  }
  for (const kind of ["uptimeCheckConfigs", "dashboards"]) {
    removed.push(...(await remove(monitoring, (await list(monitoring, kind)).filter(isUnknown))));
  }
  return removed;
}

async function remove(monitoring: Monitoring, listed: readonly Listed[]): Promise<string[]> {
  for (const { name } of listed) {
    const { status } = await call(monitoring, name, "DELETE");
    if (status >= 300 && status !== 404) {
      throw new Error(`${name} must go, got ${status}; delete it by hand`);
    }
  }
  return listed.map(({ name }) => name);
}

async function list(monitoring: Monitoring, kind: string): Promise<Listed[]> {
  const found: Listed[] = [];
  let pageToken = "";
  do {
    const query = new URLSearchParams({ pageSize: "1000", pageToken });
    const path = `projects/${monitoring.project}/${kind}?${query}`;
    const { status, body } = await call(monitoring, path, "GET");
    if (status !== 200) throw new Error(`${kind} must be listed, got ${status}: ${body}`);
    const page = JSON.parse(body) as Record<string, Listed[]> & { nextPageToken?: string };
    found.push(...(page[kind.split("/").pop()!] ?? []));
    pageToken = page.nextPageToken ?? "";
  } while (pageToken !== "");
  return found;
}

async function call(
  { endpoint, headers }: Monitoring,
  path: string,
  method: "GET" | "DELETE",
): Promise<{ status: number; body: string }> {
  const version = path.includes("/dashboards") ? "v1" : "v3";
  const answer = await fetch(new URL(`${version}/${path}`, endpoint), { method, headers });
  return { status: answer.status, body: (await answer.text()).slice(0, 1_000_000) };
}

/** The API that a stack's alerts are sent to: the platform's own, or Google Cloud's with the user's credentials. */
export async function monitoringOf(
  stack: string,
  { platform, googleProject }: StackSettings,
): Promise<Monitoring> {
  if (platform !== "gke") {
    const { monitoring } = await readPlatform();
    return { endpoint: monitoring, headers: {}, project: `marketing-stack-${stack}` };
  }
  const scopes = ["https://www.googleapis.com/auth/monitoring"];
  const token = await new GoogleAuth({ scopes }).getAccessToken();
  return {
    endpoint: "https://monitoring.googleapis.com/",
    headers: { authorization: `Bearer ${token}` },
    project: googleProject!,
  };
}
