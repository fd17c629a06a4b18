import type pg from "pg";
import { inTransaction, type Transaction } from "../transaction.ts";
import { isMyTurn } from "../turns.ts";
import { absorb } from "./absorb.ts";

/** About how many events one transaction takes; all those that were stored together are taken together. */
const BATCH = 5000;

/** Any number that nobody else locks: one worker follows at a time. */
const LOCK = 7_352_001;

/** What one step has done. */
export interface Followed {
  /** Events taken into the profiles. */
  readonly events: number;
  /** Whether more are waiting. */
  readonly behind: boolean;
}

/**
 * Takes the next events of the log into the profiles, each exactly once, however often and in however many workers this is
 * called; a step that fails has done nothing.
 *
 * @param changed is told, in the same transaction, of the people of whom more is known now. @default - nobody is told
 */
export function followLog(
  pool: pg.Pool,
  changed?: (people: readonly string[], transaction: Transaction) => Promise<void>,
): Promise<Followed> {
  return inTransaction(pool, async (transaction) => {
    if (!(await isMyTurn(transaction, LOCK))) return { events: 0, behind: false };
    const { from, to, behind } = await nextRange(transaction);
    if (from === to) return { events: 0, behind: false };
    const { events, people } = await absorb(transaction, from, to);
    await transaction.query("update profiles.progress set stored_by = $1", [to]);
    if (people.length > 0) await changed?.(people, transaction);
    return { events, behind };
  });
}

/** Forgets all profiles, so that following the log makes them anew. */
export async function forgetProfiles(transaction: Transaction): Promise<void> {
  // First, as who follows the log has it first.
  await transaction.query("update profiles.progress set stored_by = 0");
  await transaction.query(
    "truncate profiles.link, profiles.trait, profiles.activity, profiles.consent",
  );
}

/** Transactions that have ended, from the first that is not in the profiles; as decimals, because they have 64 bits. */
async function nextRange(
  transaction: Transaction,
): Promise<{ from: string; to: string; behind: boolean }> {
  const { rows } = await transaction.query<{ from: string; last: string | null; end: string }>(
    `with range as (
       select stored_by as first, pg_snapshot_xmin(pg_current_snapshot())::text::bigint as after
       from profiles.progress for update
     )
     select first as from, after as end,
       (select stored_by from events.event where stored_by >= first and stored_by < after
        order by stored_by offset ${BATCH} limit 1) as last
     from range`,
  );
  const { from, last, end } = rows[0]!;
  return last === null
    ? { from, to: end, behind: false }
    : { from, to: String(BigInt(last) + 1n), behind: true };
}
