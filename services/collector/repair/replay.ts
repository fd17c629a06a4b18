import type pg from "pg";

import { EVENT_TABLE, insertFrom } from "../postgres-sink.ts";

/** What came of the replay of one bad row. */
export interface Replayed {
  /** How many of its events are new in the log; the others were there already, or were deleted from it. */
  readonly stored: number;
}

/**
 * Stores the events that a bad row became, and that it was replayed, in one transaction: once, also if this is killed and
 * tried again, or done by two at the same time.
 *
 * @param mapping what made events of it.
 * @param events JSON of each; none if the row is to be dropped.
 * @returns undefined if it was replayed before; nothing is stored then.
 */
export async function replay(
  client: pg.ClientBase,
  row: string,
  mapping: string,
  events: readonly string[],
): Promise<Replayed | undefined> {
  const keys = events.map((event) => {
    const { source, id } = JSON.parse(event) as { source: string; id: string };
    return { source, id };
  });
  await client.query("BEGIN");
  try {
    // Whoever comes second waits here for the first one's end.
    const claimed = await client.query(
      `INSERT INTO events.replay (bad_row, mapping, keys, stored) VALUES ($1, $2, $3, 0)
       ON CONFLICT DO NOTHING`,
      [row, mapping, JSON.stringify(keys)],
    );
    if (claimed.rowCount === 0) {
      await client.query("ROLLBACK");
      return undefined;
    }
    const { rowCount } = await client.query(
      insertFrom(EVENT_TABLE, "(SELECT unnest($1::jsonb[]) AS line) AS incoming"),
      [events],
    );
    const stored = rowCount ?? 0;
    await client.query("UPDATE events.replay SET stored = $2 WHERE bad_row = $1", [row, stored]);
    await client.query("COMMIT");
    return { stored };
  } catch (error) {
    await client.query("ROLLBACK").catch(() => undefined);
    throw error;
  }
}
