import type pg from "pg";
import { MAIL_FEEDBACK, MAIL_SOURCE, type MailFeedback } from "../../contract/mail-feedback.ts";
import { inTransaction, type Transaction } from "../transaction.ts";

/** How old what came back may be that is not taken yet, in seconds. */
const MOST_SECONDS = 30;

/**
 * Takes over from the event log what came back of mails, each once, however often and in however many workers this is called: as
 * feedback of the message, and its person comes on the suppression list of that name.
 *
 * @returns how many told something new.
 */
export function takeFeedback(pool: pg.Pool): Promise<number> {
  return inTransaction(pool, async (transaction) => {
    const { rows } = await transaction.query<{ from: string; to: string }>(
      // Transactions that do not exist yet are another server's, of which this one's data are a backup.
      `select (case when stored_by > pg_snapshot_xmax(pg_current_snapshot())::text::bigint then 0 else stored_by end)::text as from,
         pg_snapshot_xmin(pg_current_snapshot())::text as to
       from campaigns.feedback_progress for update skip locked`,
    );
    const [range] = rows;
    // Another worker is at it.
    if (!range) return 0;
    const taken = await transaction.query(TAKE, [range.from, range.to, MAIL_SOURCE, MAIL_FEEDBACK]);
    await transaction.query(
      "update campaigns.feedback_progress set stored_by = greatest($1::bigint, $2::bigint)",
      [range.from, range.to],
    );
    return taken.rowCount ?? 0;
  });
}

/** Whether something came back of mails that nobody was able to take for longer than half a minute: who is on lists is not known then. */
export async function isFeedbackBehind(database: Transaction): Promise<boolean> {
  const { rows } = await database.query<{ behind: boolean }>(BEHIND, [MAIL_SOURCE]);
  return rows[0]!.behind;
}

/** Keeps what a server said of a mail instead of taking it, as if it had come back: once, and its person comes on the list. */
export async function keepFeedback(
  transaction: Transaction,
  message: string,
  kind: MailFeedback,
): Promise<void> {
  await transaction.query(KEEP, [message, kind]);
}

const BEHIND = `
  select exists (
    select from events.event where stored_by >= (select stored_by from campaigns.feedback_progress) and source = $1
      and stored_at < clock_timestamp() - interval '${MOST_SECONDS} s'
  ) as behind`;

const keep = (told: string): string => `
  with told as (${told}), fresh as (
    insert into campaigns.feedback (message, kind, at) select message, kind, at from told
    on conflict do nothing
    returning message, kind, at
  ), suppressed as (
    insert into campaigns.suppression (list, who, since, reason)
    select distinct on (fresh.kind, person) fresh.kind, person, at, 'a mail of campaign ' || campaign
    from fresh join campaigns.message on message.id = fresh.message
    order by fresh.kind, person, at
    on conflict do nothing
  )
  select message from fresh`;

// The id of an event is the message's, a colon and what it tells; nothing else of it counts, and there may be nothing else.
const TAKE = keep(`
  select split_part(id, ':', 1)::uuid as message, split_part(id, ':', 2) as kind, occurred_at as at
  from events.event
  where stored_by >= $1::bigint and stored_by < $2::bigint and source = $3
    and id ~ ('^[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}:(' || array_to_string($4::text[], '|') || ')$')`);

const KEEP = keep("select $1::uuid as message, $2::text as kind, clock_timestamp() as at");
