import type pg from "pg";

/** A bad row, and what became of it. */
export interface ShownBadRow {
  readonly id: string;
  readonly source: string;
  readonly dialect: string;
  readonly path: string;
  readonly reason: string;
  readonly receivedAt: Date;
  /** As text; what is no UTF-8 is lost in it, but not in `rawBase64`. */
  readonly raw: string;
  readonly rawBase64: string;
  /** Undefined if it was not replayed. */
  readonly replay:
    | {
        readonly mapping: string;
        readonly keys: readonly { readonly source: string; readonly id: string }[];
        readonly stored: number;
        readonly replayedAt: Date;
      }
    | undefined;
}

/** @throws Error if there is no such row. */
export async function showBadRow(client: pg.ClientBase, id: string): Promise<ShownBadRow> {
  const { rows } = await client.query(
    `SELECT bad_row.*, replay.mapping, replay.keys, replay.stored, replay.replayed_at
     FROM events.bad_row LEFT JOIN events.replay ON replay.bad_row = bad_row.id WHERE bad_row.id = $1`,
    [id],
  );
  const [row] = rows;
  if (row === undefined) {
    throw new Error(
      `ID must be that of a bad row, got ${JSON.stringify(id)}; npm run bad-rows -- list names some`,
    );
  }
  return {
    id: row.id,
    source: row.source,
    dialect: row.dialect,
    path: row.path,
    reason: row.reason,
    receivedAt: row.received_at,
    raw: row.raw.toString(),
    rawBase64: row.raw.toString("base64"),
    replay: row.mapping
      ? {
          mapping: row.mapping,
          keys: row.keys,
          stored: row.stored,
          replayedAt: row.replayed_at,
        }
      : undefined,
  };
}
