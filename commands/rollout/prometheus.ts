import { GoogleAuth } from "google-auth-library";
import { readPlatform } from "../../local/platform.ts";
import type { StackSettings } from "../engine/settings.ts";

/** Where PromQL is asked. */
export interface Prometheus {
  /** URL that `api/v1/query` is below; ends with a slash. */
  readonly url: string;
  headers(): Promise<Readonly<Record<string, string>>>;
}

/** The Prometheus that has a stack's metrics: the platform's own, or Google's managed one with the user's credentials. */
export async function prometheusOf({
  platform,
  googleProject,
}: StackSettings): Promise<Prometheus> {
  if (platform !== "gke") {
    return { url: (await readPlatform()).prometheus, headers: async () => ({}) };
  }
  const auth = new GoogleAuth({ scopes: ["https://www.googleapis.com/auth/monitoring.read"] });
  return {
    url: `https://monitoring.googleapis.com/v1/projects/${googleProject}/location/global/prometheus/`,
    headers: async () => ({ authorization: `Bearer ${await auth.getAccessToken()}` }),
  };
}

/**
 * The number that a query has now.
 *
 * @returns undefined if there is none, as of 0 divided by 0.
 * @throws Error if Prometheus does not answer, refuses the query, or finds more than one series.
 */
export async function ask(prometheus: Prometheus, query: string): Promise<number | undefined> {
  const answer = await fetch(new URL("api/v1/query", prometheus.url), {
    method: "POST",
    headers: await prometheus.headers(),
    body: new URLSearchParams({ query }),
    signal: AbortSignal.timeout(10_000),
  });
  const text = await answer.text();
  if (!answer.ok) {
    throw new Error(`Prometheus must answer ${query}, got ${answer.status}: ${text.slice(0, 500)}`);
  }
  const { data } = JSON.parse(text) as Answer;
  const values =
    data.resultType === "scalar" ? [data.result] : data.result.map(({ value }) => value);
  if (values.length > 1) {
    throw new Error(`${query} must be one number, got ${values.length} series; sum them up`);
  }
  const value = Number(values[0]?.[1] ?? NaN);
  return Number.isNaN(value) ? undefined : value;
}

interface Answer {
  readonly data:
    | { readonly resultType: "scalar"; readonly result: Sample }
    | { readonly resultType: "vector"; readonly result: readonly { readonly value: Sample }[] };
}

/** Unix time and value. */
type Sample = readonly [number, string];
