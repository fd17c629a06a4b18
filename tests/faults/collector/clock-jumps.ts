import { writeFileSync } from "node:fs";
import { join } from "node:path";

import { temporaryFolder } from "../../services/collector/temporary-folder.ts";
import { discrepancies } from "./checker.ts";
import type { Setting } from "./setting.ts";

/** Where Debian keeps the library that gives a process another clock. */
const LIBRARY = "/usr/lib/x86_64-linux-gnu/faketime/libfaketime.so.1";

/** Clocks after each other, as differences to the true one. */
const CLOCKS = ["-3d", "+400d", "-1h", "+0"];

/** What was stored, and what was wrong with it. */
export interface ClockJumps {
  /** Days, rounded, by which the collector's clock was off when events were received, ascending. */
  readonly days: readonly number[];
  readonly discrepancies: readonly string[];
}

/** Lets the collector's clock jump under load, over and over for `count` jumps; each second one it starts anew. */
export async function jumpClock(setting: Setting, count: number): Promise<ClockJumps> {
  const clock = join(temporaryFolder(), "clock");
  writeFileSync(clock, "+0");
  const environment = {
    LD_PRELOAD: LIBRARY,
    FAKETIME_TIMESTAMP_FILE: clock,
    FAKETIME_NO_CACHE: "1",
    // Timers go on; only the time of day jumps.
    FAKETIME_DONT_FAKE_MONOTONIC: "1",
  };
  let collector = await setting.startReady(environment);
  const clients = setting.send(4);
  for (let jump = 0; jump < count; jump += 1) {
    await clients.progress(20);
    writeFileSync(clock, CLOCKS[jump % CLOCKS.length]!);
    await clients.progress(20);
    if (jump % 2 === 1) {
      await collector.end("SIGKILL");
      collector = await setting.startReady(environment);
    }
  }
  await clients.progress(20);
  await clients.stop();
  const wrong = await discrepancies(clients, setting.database.admin);
  const { rows } = await setting.database.admin.query<{ days: number }>(
    `SELECT DISTINCT round(extract(epoch FROM received_at - stored_at) / 86400)::integer AS days
       FROM events.event ORDER BY days`,
  );
  return { days: rows.map(({ days }) => days), discrepancies: wrong };
}
