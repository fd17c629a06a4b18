import type pg from "pg";
import { repairedEvents, StillBad } from "../../services/collector/repair/repaired-events.ts";
import { replay } from "../../services/collector/repair/replay.ts";
import { CAUSE } from "./list.ts";
import type { Mapping } from "./mapping.ts";

/** What one mapping did. */
export interface MappingReport {
  readonly mapping: string;
  /** Rows that became events, or were dropped. */
  readonly replayed: number;
  /** Rows that the mapping dropped. */
  readonly dropped: number;
  /** Events of them, and how many of those are new in the log. */
  readonly events: number;
  readonly stored: number;
  /** Why the others are no events yet, with how many there are of each reason; they can be replayed later. */
  readonly stillBad: Readonly<Record<string, number>>;
}

/** Rows that are read at a time. */
const PAGE = 200;

/**
 * Makes events of the bad rows that mappings are for, each row once.
 *
 * @param dryRun whether only to say what would be done; nothing is new in the log then.
 */
export async function replayBadRows(
  client: pg.ClientBase,
  mappings: readonly Mapping[],
  dryRun: boolean,
): Promise<MappingReport[]> {
  const reports: MappingReport[] = [];
  for (const mapping of mappings) reports.push(await replayWith(client, mapping, dryRun));
  return reports;
}

/** For people. */
export function reportText(reports: readonly MappingReport[], dryRun: boolean): string {
  if (reports.length === 0) return "no mappings in repairs/";
  return reports
    .map(({ mapping, replayed, dropped, events, stored, stillBad }) =>
      [
        `${mapping}: ${replayed} rows ${dryRun ? "would be" : "were"} replayed, ${events} events, ${stored} of them new, ${dropped} rows dropped`,
        ...Object.entries(stillBad).map(([reason, rows]) => `  ${rows} still bad: ${reason}`),
      ].join("\n"),
    )
    .join("\n");
}

async function replayWith(
  client: pg.ClientBase,
  mapping: Mapping,
  dryRun: boolean,
): Promise<MappingReport> {
  let [replayed, dropped, events, stored] = [0, 0, 0, 0];
  const stillBad: Record<string, number> = {};
  for (let after = ""; ;) {
    const { rows } = await client.query(
      `SELECT id, source, dialect, path, received_at AS "receivedAt", raw FROM events.bad_row
       WHERE id > $1 AND dialect = $2 AND ${CAUSE} = $3 AND ($4::text IS NULL OR source = $4)
         AND NOT EXISTS (SELECT FROM events.replay WHERE bad_row = bad_row.id)
       ORDER BY id LIMIT ${PAGE}`,
      [after, mapping.dialect, mapping.cause, mapping.source ?? null],
    );
    for (const row of rows) {
      after = row.id;
      let repaired: string[];
      try {
        const value = await mapping.apply(row.raw);
        repaired = value === null ? [] : repairedEvents(row, value);
      } catch (error) {
        // What JSONata throws is no Error: it is about this row alone too.
        const { message } = error as { message?: string };
        if (error instanceof Error && !(error instanceof StillBad)) throw error;
        stillBad[message ?? String(error)] = (stillBad[message ?? String(error)] ?? 0) + 1;
        continue;
      }
      const done = dryRun ? { stored: 0 } : await replay(client, row.id, mapping.name, repaired);
      if (done === undefined) continue;
      replayed += 1;
      if (repaired.length === 0) dropped += 1;
      events += repaired.length;
      stored += done.stored;
    }
    if (rows.length < PAGE) break;
  }
  return { mapping: mapping.name, replayed, dropped, events, stored, stillBad };
}
