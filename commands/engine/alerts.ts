import { GoogleAuth } from "google-auth-library";
import { readPlatform } from "../../local/platform.ts";
import type { StackSettings } from "./settings.ts";

/** Where a stack's alert policies and notification channels are. */
interface Monitoring {
  /** Ends with a slash. */
  readonly endpoint: string;
  readonly headers: Readonly<Record<string, string>>;
  readonly project: string;
}

interface Listed {
  readonly name: string;
  readonly userLabels?: Readonly<Record<string, string>>;
}

/**
 * Removes the alert policies and notification channels of a stack that nobody wrote down: the API gives them names of
 * its own, so what an engine created in the moment in which it was killed is found by its labels only.
 *
 * @param known names (`projects/…`) that stay.
 * @returns the names that are gone.
 * @throws Error naming what the API does not list or delete.
 */
export async function removeUnknownAlerts(
  stack: string,
  known: ReadonlySet<string>,
  settings: StackSettings,
): Promise<string[]> {
  const monitoring = await monitoringOf(stack, settings);
  const removed: string[] = [];
  // Policies first: a channel that one uses is refused.
  for (const kind of ["alertPolicies", "notificationChannels"]) {
    for (const { name, userLabels } of await list(monitoring, kind)) {
      const isOurs = userLabels?.app === "marketing-stack" && userLabels.env === stack;
      if (!isOurs || known.has(name)) continue;
      const { status } = await call(monitoring, name, "DELETE");
      if (status >= 300 && status !== 404) {
        throw new Error(`${name} must go, got ${status}; delete it by hand`);
      }
      removed.push(name);
    }
  }
  return removed;
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
    found.push(...(page[kind] ?? []));
    pageToken = page.nextPageToken ?? "";
  } while (pageToken !== "");
  return found;
}

async function call(
  { endpoint, headers }: Monitoring,
  path: string,
  method: "GET" | "DELETE",
): Promise<{ status: number; body: string }> {
  const answer = await fetch(new URL(`v3/${path}`, endpoint), { method, headers });
  return { status: answer.status, body: (await answer.text()).slice(0, 1_000_000) };
}

async function monitoringOf(
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
