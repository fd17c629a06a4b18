import { FRESH, remembered } from "../remembered.ts";
import type { Transaction } from "../transaction.ts";

/** How far people are in the journey of a campaign. */
export interface JourneyCounts {
  /** People who came in. */
  readonly entered: number;
  /** Of them, those who came to the end. */
  readonly ended: number;
  /** Messages that left. */
  readonly sent: number;
  /** Messages that were not let out, or were refused, for good. */
  readonly notSent: number;
}

/** Counts the journeys by the campaign's uid, at most every 10 s; campaigns that nobody came into are left out. */
export function journeyCounts(
  database: Transaction,
): () => Promise<ReadonlyMap<string, JourneyCounts>> {
  return remembered(FRESH, async () => {
    const { rows } = await database.query<JourneyCounts & { uid: string }>(SELECT);
    return new Map(rows.map(({ uid, ...one }) => [uid, one]));
  });
}

const SELECT = `
  with messages as (
    select uid, count(*) filter (where state = 'sent') as sent,
      count(*) filter (where state in ('withheld', 'failed')) as not_sent
    from campaigns.message group by uid
  )
  select uid, count(*)::int as entered, count(ended_at)::int as ended, coalesce(max(sent), 0)::int as sent,
    coalesce(max(not_sent), 0)::int as "notSent"
  from campaigns.enrolment left join messages using (uid) group by uid`;
