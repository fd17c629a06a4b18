import { setTimeout } from "node:timers/promises";
import type pg from "pg";
import { printable } from "../printable.ts";
import { EVENT_COLUMNS, jsonLine, type EventRow } from "./event-row.ts";

/** Which events are shown, and how. */
export interface TailOptions {
  /** Of which source. @default - all */
  readonly source?: string | undefined;
  /** With which name. @default - all, those without one too */
  readonly name?: string | undefined;
  /** As JSON of the contract, in place of a line for people. */
  readonly json: boolean;
}

/** How often the log is asked for more, in milliseconds. */
const INTERVAL = 500;

/** Events that are in memory at a time. */
const PAGE = 500;

/**
 * Shows what is stored in the event log from now on, each event once, until `signal`.
 *
 * @param write takes one line without its end; the next one waits for it.
 */
export async function tailEvents(
  client: pg.ClientBase,
  options: TailOptions,
  write: (line: string) => Promise<void>,
  signal: AbortSignal,
): Promise<void> {
  const toLine = options.json ? jsonLine : shortLine;
  let from = await endOfLog(client);
  while (!signal.aborted) {
    await client.query("BEGIN ISOLATION LEVEL REPEATABLE READ READ ONLY");
    const end = await endOfLog(client);
    await client.query(
      `DECLARE tail NO SCROLL CURSOR FOR
       SELECT ${EVENT_COLUMNS} FROM events.event
       WHERE stored_by >= ${BigInt(from)} AND stored_by < ${BigInt(end)}
         AND ${isEqual(client, "source", options.source)} AND ${isEqual(client, "name", options.name)}
       ORDER BY stored_by, received_at, source, id`,
    );
    while (!signal.aborted) {
      const { rows } = await client.query<EventRow>(`FETCH ${PAGE} FROM tail`);
      for (const row of rows) await write(printable(toLine(row)));
      if (rows.length < PAGE) break;
    }
    await client.query("COMMIT");
    from = end;
    await setTimeout(INTERVAL, undefined, { signal }).catch(() => undefined);
  }
}

/** The first transaction that has not ended: what those below it stored is all there. */
async function endOfLog(client: pg.ClientBase): Promise<string> {
  const { rows } = await client.query<{ end: string }>(
    'SELECT pg_snapshot_xmin(pg_current_snapshot())::text AS "end"',
  );
  return rows[0]!.end;
}

function isEqual(client: pg.ClientBase, column: string, value: string | undefined): string {
  return value === undefined ? "true" : `${column} = ${client.escapeLiteral(value)}`;
}

/** Time, source, protocol, type, name, person and consent. */
function shortLine(row: EventRow): string {
  const { source, dialect, type, name, userId, anonymousId } = row;
  const person = userId ?? anonymousId;
  const consent = (JSON.parse(row.consent) as string[]).join(",");
  return [
    row.receivedAt,
    source,
    dialect ?? "-",
    type,
    name === null ? "-" : JSON.stringify(name),
    person === null ? "-" : JSON.stringify(person),
    consent === "" ? "no consent" : consent,
  ].join("  ");
}
