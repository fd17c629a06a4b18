import type pg from "pg";

import { SOURCE } from "./honest-clients.ts";
import type { Heard } from "./honest-clients.ts";

/** Longest time that the collector may take to store what it acknowledged, in milliseconds. */
const DEADLINE_MS = 60_000;

/** Differences that are told at most. */
const MOST = 20;

/**
 * What is wrong between what clients heard and what is stored, a line each; none if every acknowledged event is stored
 * as it was sent, each once, nothing else is, and nothing was set aside. Knows nothing of the collector but its tables.
 *
 * @param heard by clients that have stopped: all they sent was acknowledged in the end.
 */
export async function discrepancies(heard: Heard, admin: pg.Pool): Promise<string[]> {
  const events = "SELECT count(*)::integer AS count FROM events.event";
  await counted(heard.acknowledged.size, admin, events);
  const { rows } = await admin.query<{ source: string; id: string; text: string | null }>(
    "SELECT source, id, properties->>'text' AS text FROM events.event",
  );
  const missing = new Map(heard.acknowledged);
  const seen = new Set<string>();
  const wrong: string[] = [];
  for (const { source, id, text } of rows) {
    if (seen.has(id)) wrong.push(`${id} must be stored once, got another`);
    seen.add(id);
    if (source !== SOURCE || !heard.acknowledged.has(id))
      wrong.push(`${source} ${id} was never sent`);
    const said = missing.get(id);
    if (said !== undefined && said !== text) wrong.push(`${id} must be stored as it was sent`);
    missing.delete(id);
  }
  for (const id of missing.keys()) wrong.push(`${id} was acknowledged and is not stored`);
  const aside = await admin.query<{ reason: string }>("SELECT reason FROM events.bad_row");
  for (const { reason } of aside.rows) wrong.push(`set aside: ${reason}`);
  return wrong.slice(0, MOST);
}

/** What `query` counts, once that is at least `count`, or too late. */
export async function counted(
  count: number,
  admin: pg.Pool,
  query: string,
  values: readonly unknown[] = [],
): Promise<number> {
  const deadline = Date.now() + DEADLINE_MS;
  for (;;) {
    const { rows } = await admin.query<{ count: number }>(query, [...values]);
    const found = rows[0]!.count;
    if (found >= count || Date.now() >= deadline) return found;
    await new Promise((wake) => setTimeout(wake, 50));
  }
}
