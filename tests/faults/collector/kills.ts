import { appendFileSync, readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { setTimeout as delay } from "node:timers/promises";

import { encodeRecord, RECORD_KINDS, tornTailStart } from "../../../services/collector/record.ts";
import { discrepancies } from "./checker.ts";
import { HonestClients } from "./honest-clients.ts";
import type { Setting } from "./setting.ts";

/** Longest time, in milliseconds, that a collector lives; it takes about a quarter of it to start. */
const LONGEST_LIFE = 1000;

/** Part of the kills after which the end of the spool is torn too, as a power failure does. */
const TORN = 0.2;

/** What a run of kills found. */
export interface Kills {
  /** Kills of a collector that had answered requests: the others hit one that was starting. */
  readonly atWork: number;
  /** Events acknowledged in all. */
  readonly events: number;
  readonly discrepancies: readonly string[];
}

/** Kills the collector with SIGKILL at random points under load, `count` times, and starts it again each time. */
export async function killCollector(setting: Setting, count: number): Promise<Kills> {
  const { random } = setting;
  const clients = new HonestClients(8, () => setting.url, random);
  let atWork = 0;
  for (let kill = 0; kill < count; kill += 1) {
    const before = clients.successes;
    const collector = setting.start();
    // The point at which it is killed is the fault itself.
    await delay(random() * LONGEST_LIFE);
    await collector.end("SIGKILL");
    if (clients.successes > before) atWork += 1;
    if (random() < TORN) tear(setting.spool, random);
    if (kill % 100 === 99) process.stderr.write(`${kill + 1} kills\n`);
  }
  await setting.startReady();
  await clients.stop();
  return {
    atWork,
    events: clients.acknowledged.size,
    discrepancies: await discrepancies(clients, setting.database.admin),
  };
}

/** Appends to the newest segment what a write that a power failure cut short leaves: a part of it, or zeros. */
function tear(spool: string, random: () => number): void {
  const newest = readdirSync(spool)
    .filter((name) => name.endsWith(".segment"))
    .sort()
    .at(-1);
  if (newest === undefined) return;
  const path = join(spool, newest);
  const content = readFileSync(path);
  // A write that the kill itself cut short is torn enough.
  if (tornTailStart(content) < content.length) return;
  const whole = encodeRecord(RECORD_KINDS.event, '{"never":"acknowledged"}', Date.now());
  const part = Math.floor(random() * whole.length);
  appendFileSync(path, random() < 0.5 ? whole.subarray(0, part) : Buffer.alloc(part));
}
