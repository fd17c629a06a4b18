import type { Transaction } from "../transaction.ts";

/** How old an event may be that is not in the profiles yet, in seconds. */
const MOST_SECONDS = 30;

/**
 * Whether the profiles do not know what is in the event log for longer than half a minute: they are being made anew, or nobody was
 * able to follow. What they say of people, their consent above all, does not count then.
 */
export async function areProfilesBehind(database: Transaction): Promise<boolean> {
  const { rows } = await database.query<{ behind: boolean | null }>(SELECT);
  return rows[0]!.behind === true;
}

const SELECT = `
  select (
    select stored_at from events.event where stored_by >= (select stored_by from profiles.progress) order by stored_by limit 1
  ) < clock_timestamp() - interval '${MOST_SECONDS} s' as behind`;
