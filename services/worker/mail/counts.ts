import type { Transaction } from "../transaction.ts";

/**
 * What can become of a mail. `sent`: a server took it. `failed`: it was refused. `unknown`: it may have left, and nobody can say.
 * `withheld`: it was not let out, for good. The others are of those that left, `bounced` also of those that
 * failed because of their recipient: a mail counts once as each.
 */
export const MAIL_OUTCOMES = [
  "sent",
  "failed",
  "unknown",
  "withheld",
  "bounced",
  "complained",
  "unsubscribed",
] as const;

/** How many mails of a campaign came to what. */
export interface MailCount {
  readonly campaign: string;
  readonly outcome: (typeof MAIL_OUTCOMES)[number];
  readonly mails: number;
}

/** What became of all mails, and 0 of every campaign that was ever accepted. */
export async function countMails(database: Transaction): Promise<MailCount[]> {
  const { rows } = await database.query<MailCount>(SELECT, [MAIL_OUTCOMES]);
  return rows;
}

const SELECT = `
  with counted as (
    select campaign, state as outcome, count(*) as mails from campaigns.message where kind = 'email' group by 1, 2
    union all
    select campaign, feedback.kind, count(*)
    from campaigns.feedback join campaigns.message on message.id = feedback.message
    where message.kind = 'email' group by 1, 2
  )
  select name as campaign, asked.outcome, coalesce(sum(counted.mails), 0)::int as mails
  from campaigns.campaign cross join unnest($1::text[]) as asked (outcome)
    left join counted on counted.campaign = name and counted.outcome = asked.outcome
  group by 1, 2 order by name collate "C", asked.outcome`;
