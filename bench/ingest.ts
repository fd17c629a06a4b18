import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";

import { bundleService, imageNodeOptions } from "../tests/services/service-process.ts";
import { loadPinned, startPinned } from "./collector/pinned.ts";
import { median, report } from "./measure.ts";

// Events acknowledged a second at up to 512 connections, on one core: the collector beside what it is compared to, by turns.
const ROUNDS = 5;
const CONNECTIONS = 512;
const SECONDS = 3;
/** Events under way at a time. */
const MOST_WAITING = 20_000;

const folder = mkdtempSync(join(tmpdir(), "bench-ingest-"));
const here = join(import.meta.dirname, "collector");
const options = imageNodeOptions("collector");
try {
  const servers = {
    collector: await startPinned(bundleService("collector", folder), {
      SPOOL_DIR: join(folder, "collector"),
      SPOOL_MAX_BYTES: String(2 ** 40),
      SOURCES: JSON.stringify({ website: { writeKey: "WRITE_KEY" } }),
      // Nobody listens there: what is measured is taking in, as with the others.
      DATABASE_URL: "postgresql://collector@127.0.0.1:1/marketing",
    }),
    bare: await startPinned([...options, join(here, "bare-server.ts")]),
    fastify: await startPinned([...options, join(here, "fastify-server.ts")], {
      SPOOL_DIR: join(folder, "fastify"),
    }),
  };
  try {
    for (const events of [1, 20, 100]) {
      const rates = { collector: [] as number[], bare: [] as number[], fastify: [] as number[] };
      const cpu = { collector: [] as number[], bare: [] as number[], fastify: [] as number[] };
      const perSync: number[] = [];
      // The first round warms up.
      for (let turn = 0; turn <= ROUNDS; turn += 1) {
        for (const name of ["collector", "bare", "fastify"] as const) {
          const server = servers[name];
          const syncsBefore = name === "collector" ? await syncs(server.port) : 0;
          const cpuBefore = server.cpuSeconds();
          const { perSecond, failed } = await loadPinned({
            port: server.port,
            // Fewer than what may wait for the disk, or what is measured is refusals.
            connections: Math.min(CONNECTIONS, Math.floor(MOST_WAITING / events)),
            events,
            seconds: SECONDS,
          });
          if (failed > 0) throw new Error(`${name} must refuse nothing, got ${failed} refusals`);
          if (turn === 0) continue;
          const taken = perSecond * events * SECONDS;
          rates[name].push(perSecond * events);
          cpu[name].push(((server.cpuSeconds() - cpuBefore) / taken) * 1e6);
          if (name !== "collector") continue;
          perSync.push(taken / ((await syncs(server.port)) - syncsBefore));
        }
      }
      const ratio = (of: typeof rates, other: "bare" | "fastify"): number =>
        median(of.collector.map((figure, index) => figure / of[other][index]!));
      const of = (figures: typeof rates): object => ({
        collector: median(figures.collector),
        bareHttp: median(figures.bare),
        fastifySameLog: median(figures.fastify),
        toBare: ratio(figures, "bare"),
        toFastify: ratio(figures, "fastify"),
      });
      report("ingest", {
        eventsPerRequest: events,
        eventsPerSecond: of(rates),
        cpuMicrosecondsPerEvent: of(cpu),
        eventsPerSync: median(perSync),
      });
    }
  } finally {
    for (const server of Object.values(servers)) await server.end();
  }
} finally {
  rmSync(folder, { recursive: true, force: true });
}

async function syncs(port: number): Promise<number> {
  const text = await (await fetch(`http://127.0.0.1:${port}/metrics`)).text();
  return Number(/^collector_spool_syncs (\d+)/m.exec(text)![1]);
}
