import { mkdtempSync, readFileSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";

import { startMarketingDatabase } from "../tests/services/collector/marketing-database.ts";
import { bundleService } from "../tests/services/service-process.ts";
import { loadPinned, startPinned } from "./collector/pinned.ts";
import { report } from "./measure.ts";

// Memory of the collector while the database is frozen (aim < 256 MiB): 90 s at 2,000 requests a second.
const SECONDS = 90;
const RATE = 2_000;
/** So many that the rate is kept with answers that take a quarter of a second. */
const CONNECTIONS = 512;

const folder = mkdtempSync(join(tmpdir(), "bench-frozen-"));
const database = await startMarketingDatabase();
try {
  const server = await startPinned(bundleService("collector", folder), {
    SPOOL_DIR: join(folder, "spool"),
    SPOOL_MAX_BYTES: String(2 ** 40),
    SOURCES: JSON.stringify({ website: { writeKey: "WRITE_KEY" } }),
    DATABASE_URL: database.url,
  });
  const load = { port: server.port, connections: CONNECTIONS, events: 1, rate: RATE };
  await loadPinned({ ...load, seconds: 5 });
  const thaw = database.freeze();
  const frozen = await loadPinned({ ...load, seconds: SECONDS });
  const peakMib = highWaterMib(server.pid);
  thaw();
  await loadPinned({ ...load, seconds: 10 });
  report("frozen-database", {
    seconds: SECONDS,
    ...frozen,
    peakMib,
    afterwardsMib: highWaterMib(server.pid),
  });
  await server.end();
} finally {
  await database.stop();
  rmSync(folder, { recursive: true, force: true });
}

/** Largest resident memory of a process so far. */
function highWaterMib(pid: number): number {
  const status = readFileSync(`/proc/${pid}/status`, "utf8");
  return Math.round(Number(/^VmHWM:\s+(\d+)/m.exec(status)![1]) / 1024);
}
