import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import type { Hono } from "hono";
import { createApp } from "../../../local/monitoring/app.ts";
import type { Watch } from "../../../local/monitoring/incidents/watch.ts";
import { createMetrics } from "../../../local/monitoring/metrics.ts";
import type { CheckPromql } from "../../../local/monitoring/promql/promtool.ts";
import { State } from "../../../local/monitoring/state/state.ts";

/** An emulator in this process, on a state folder of its own. */
export interface Emulator {
  readonly app: Hono;
  readonly state: State;
  /** Folder of the state. */
  readonly folder: string;
  /** What was logged about requests. */
  readonly log: object[];
  /** Sends a request of JSON and returns status and body. */
  call(method: string, path: string, body?: unknown): Promise<{ status: number; body: Body }>;
  remove(): void;
}

/** A body of the API, of whatever shape. */
// eslint-disable-next-line @typescript-eslint/no-explicit-any
export type Body = any;

/** The moment at which everything in a test happens. */
export const NOW = "2026-01-02T03:04:05.678Z";

/** Starts an emulator; by default it takes any PromQL. */
export async function startEmulator({
  folder = mkdtempSync(join(tmpdir(), "emulator-")),
  checkPromql = async () => undefined,
  watch,
}: { folder?: string; checkPromql?: CheckPromql; watch?: Watch } = {}): Promise<Emulator> {
  const state = await State.open(folder);
  const log: object[] = [];
  const app = createApp({
    state,
    checkPromql,
    now: () => NOW,
    metrics: createMetrics(state),
    uptime: { metrics: async () => "", latest: () => undefined },
    watch: () => watch,
    logRequest: (entry) => log.push(entry),
    logFault: (error) => {
      throw error;
    },
    isReady: () => true,
  });
  return {
    app,
    state,
    folder,
    log,
    async call(method, path, body) {
      const init = body === undefined ? { method } : { method, body: JSON.stringify(body) };
      const response = await app.request(path, init);
      return { status: response.status, body: (await response.json()) as Body };
    },
    remove: () => rmSync(folder, { recursive: true, force: true }),
  };
}
