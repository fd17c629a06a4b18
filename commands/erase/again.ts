import type pg from "pg";
import { eraseAgainStatements } from "../backups/erase-again.ts";
import { isErasedBadRow } from "./erased-bad-row.ts";
import type { NotedErasure } from "./noted.ts";

/** Bad rows that are in memory at a time. */
const PAGE = 100;

/**
 * Erases people again from a database that was restored by other means than `npm run restore`. What they sent since goes too, since
 * the database does not know any more that they were erased. Killed, it is run again.
 *
 * @param client of the administrator; nobody but the collector may be let in before.
 * @returns how many bad rows went.
 * @throws Error if the erasures are not of this database.
 */
export async function eraseAgain(
  client: pg.ClientBase,
  erasures: readonly NotedErasure[],
): Promise<number> {
  if (erasures.length === 0) return 0;
  await requireSalt(client, erasures);
  const badRows = await eraseBadRows(client, erasures);
  // Last: what has its row in the ledger is not done again.
  await client.query(eraseAgainStatements(erasures));
  return badRows;
}

async function requireSalt(
  client: pg.ClientBase,
  erasures: readonly NotedErasure[],
): Promise<void> {
  const salts = new Set(erasures.map(({ salt }) => salt));
  const { rows: tables } = await client.query<{ found: boolean }>(
    "SELECT to_regclass('events.erasure_salt') IS NOT NULL AS found",
  );
  if (tables[0]!.found) {
    const { rows } = await client.query<{ salt: string }>(
      "SELECT encode(salt, 'hex') AS salt FROM events.erasure_salt",
    );
    for (const { salt } of rows) salts.add(salt);
  }
  if (salts.size === 1) return;
  throw new Error(
    `the erasures must have the salt of the database, got ${salts.size} different ones; take the file of its own backups`,
  );
}

async function eraseBadRows(
  client: pg.ClientBase,
  erasures: readonly NotedErasure[],
): Promise<number> {
  let count = 0;
  let after = "";
  for (;;) {
    const { rows } = await client.query<{ id: string; at: Date; raw: Buffer }>(
      `SELECT id, received_at AS at, raw FROM events.bad_row WHERE id > $1 ORDER BY id LIMIT ${PAGE}`,
      [after],
    );
    const erased = rows.filter(({ at, raw }) => isErasedBadRow(at, raw, erasures));
    const ids = erased.map(({ id }) => id);
    await client.query("DELETE FROM events.bad_row WHERE id = ANY ($1)", [ids]);
    count += ids.length;
    if (rows.length < PAGE) return count;
    after = rows.at(-1)!.id;
  }
}
