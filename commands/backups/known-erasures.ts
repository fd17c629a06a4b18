import type { NotedErasure } from "../erase/noted.ts";

/**
 * SQL whose rows are the erasures that a database knows, oldest first, each a {@link NotedErasure} as JSON. Whoever was erased once
 * more is with the last time only.
 */
// An erasure holds up all others until it is committed, and its row of the ledger is the last that it writes: what it erased is
// of before that row, and of after the one of the erasure before.
export const knownErasuresSql = `WITH erasure AS (
  SELECT *, coalesce(lag(recorded_at) OVER (ORDER BY recorded_at), '-infinity') AS after
    FROM ledger.change WHERE kind = 'erasure')
SELECT json_build_object(
  'id', id, 'actor', actor, 'erasedAt', recorded_at, 'details', details, 'salt', encode(salt, 'hex'),
  'people', ARRAY(
    SELECT encode(digest, 'hex') FROM events.erased_id WHERE erased_at > after AND erased_at <= recorded_at),
  'texts', ARRAY(
    SELECT json_build_object('length', length, 'hash', hash, 'digest', encode(digest, 'hex'))
      FROM events.erased_text WHERE erased_at > after AND erased_at <= recorded_at))
  FROM erasure, events.erasure_salt ORDER BY recorded_at`;

/**
 * All erasures that are known: those noted beside a backup, and those that `rows` of {@link knownErasuresSql} tell, of another
 * machine or of before there were notes.
 */
export function withKnown(
  noted: readonly NotedErasure[],
  rows: readonly string[],
): readonly NotedErasure[] {
  const ids = new Set(noted.map(({ id }) => id));
  const known = rows.map((row) => JSON.parse(row) as NotedErasure);
  return [...noted, ...known.filter(({ id }) => !ids.has(id))];
}
