import { appendFileSync, readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { setTimeout as delay } from "node:timers/promises";

import { encodeRecord, RECORD_KINDS, tornTailStart } from "../../../services/collector/record.ts";
import { discrepancies } from "./checker.ts";
import type { Setting } from "./setting.ts";

/** Part of the kills that hit a collector while it starts, which takes about so long, in milliseconds. */
const STARTING = 0.25;
const STARTING_MS = 300;

/** Longest time that a collector is at work before the others hit it, in milliseconds. */
const WORKING_MS = 500;

/** Part of the kills after which the end of the spool is torn too, as a power failure does. */
const TORN = 0.2;

/** What a run of kills found. */
export interface Kills {
  /** Events acknowledged in all. */
  readonly events: number;
  readonly discrepancies: readonly string[];
}

/** Kills the collector with SIGKILL at random points under load, `count` times, and starts it again each time. */
export async function killCollector(setting: Setting, count: number): Promise<Kills> {
  const { random } = setting;
  const clients = setting.send(8);
  for (let kill = 0; kill < count; kill += 1) {
    const collector = setting.start();
    const starting = random() < STARTING;
    if (!starting) await clients.progress(1);
    // The point at which it is killed is the fault itself.
    await delay(random() * (starting ? STARTING_MS : WORKING_MS));
    await collector.end("SIGKILL");
    if (random() < TORN) tear(setting.spool, random);
    if (kill % 100 === 99) process.stderr.write(`${kill + 1} kills\n`);
  }
  await setting.startReady();
  await clients.stop();
  return {
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
