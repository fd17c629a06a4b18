import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { createApp } from "../../local/monitoring/app.ts";
import { createMetrics } from "../../local/monitoring/metrics.ts";
import { checkWithPromtool, promtoolVersion } from "../../local/monitoring/promql/promtool.ts";
import { State } from "../../local/monitoring/state/state.ts";

/** An answer of the emulator. */
export interface Answer {
  readonly status: number;
  readonly body: unknown;
}

/** Calls the emulator; `path` begins with a slash and includes the query. */
export type Call = (method: string, path: string, body: unknown) => Promise<Answer>;

/**
 * Lets `work` call an emulator in this process, on an empty state that is removed afterwards.
 *
 * @throws Error if there is no promtool to check PromQL with, or the emulator itself fails.
 */
export async function withEmulator<T>(work: (call: Call) => Promise<T>): Promise<T> {
  if (!(await promtoolVersion())) {
    throw new Error("promtool must be on PATH, found none; install Debian's package prometheus");
  }
  const folder = await mkdtemp(join(tmpdir(), "conformance-"));
  try {
    const state = await State.open(folder);
    let fault: unknown;
    const app = createApp({
      state,
      checkPromql: checkWithPromtool,
      now: () => new Date().toISOString(),
      metrics: createMetrics(state),
      uptime: { metrics: async () => "", latest: () => undefined },
      watch: () => undefined,
      logRequest: () => undefined,
      logFault: (error) => (fault = error),
      isReady: () => true,
    });
    return await work(async (method, path, body) => {
      const init = body === undefined ? { method } : { method, body: JSON.stringify(body) };
      const response = await app.request(path, init);
      if (fault) throw fault;
      return { status: response.status, body: await response.json() };
    });
  } finally {
    await rm(folder, { recursive: true, force: true });
  }
}
