import { readdirSync, readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { setTimeout as delay } from "node:timers/promises";

import type { Setting } from "./setting.ts";

/** Longest time that the collector may take to store or set aside what waits, in milliseconds. */
const DEADLINE_MS = 60_000;

/** What became of the events in a spool of which some bytes changed. */
export interface Corrupted {
  /** Events that are in the bytes of a bad row; one that was sent twice may be stored too. */
  readonly setAside: number;
  /** Acknowledged events that are neither there nor stored. */
  readonly lost: readonly string[];
}

/** Changes `count` bytes in what waits in the spool while nothing runs, and lets the collector store the rest. */
export async function corruptRecords(setting: Setting, count: number): Promise<Corrupted> {
  const { database, random, spool } = setting;
  const clients = setting.send(4);
  await database.restart(async () => {
    const collector = await setting.startReady();
    await clients.progress(count * 10);
    await clients.stop();
    await collector.end("SIGKILL");
    for (let byte = 0; byte < count; byte += 1) changeByte(spool, random);
  });
  await setting.startReady();
  const ids = [...clients.acknowledged.keys()];
  let setAside: string[] = [];
  const unfound = async (): Promise<string[]> => {
    const events = await database.admin.query("SELECT id FROM events.event");
    const badRows = await database.admin.query("SELECT raw FROM events.bad_row");
    const bytes = badRows.rows.map(({ raw }) => String(raw)).join("\n");
    const stored = new Set(events.rows.map(({ id }) => id));
    setAside = ids.filter((id) => bytes.includes(`"id":"${id}"`));
    return ids.filter((id) => !stored.has(id) && !setAside.includes(id));
  };
  const deadline = Date.now() + DEADLINE_MS;
  let lost = await unfound();
  while (lost.length > 0 && Date.now() < deadline) {
    await delay(250);
    lost = await unfound();
  }
  return { setAside: setAside.length, lost };
}

/** Changes a byte in the text of an event, so that its id can still be read. */
function changeByte(spool: string, random: () => number): void {
  const segments = readdirSync(spool).filter((name) => name.endsWith(".segment"));
  const path = join(spool, segments[Math.floor(random() * segments.length)]!);
  const content = readFileSync(path);
  const at = content.indexOf("xxx", Math.floor(random() * content.length * 0.9));
  content[at] = "y".charCodeAt(0);
  writeFileSync(path, content);
}
