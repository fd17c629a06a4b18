import { keepFreshExposures } from "../experiments/exposures.ts";
import type { Transaction } from "../transaction.ts";

/**
 * Adds the events of some transactions to the profiles.
 *
 * @param from first transaction.
 * @param to the one after the last.
 * @returns how many events there were, and the people of whom more is known now.
 */
export async function absorb(
  transaction: Transaction,
  from: string,
  to: string,
): Promise<{ events: number; people: string[] }> {
  await transaction.query(
    `create temporary table fresh on commit drop as
     ${eventsWhere(`stored_by >= ${bigint(from)} and stored_by < ${bigint(to)}`)}`,
  );
  const known = await touched(transaction);
  for (const statement of statements) await transaction.query(statement);
  const people = new Set([...known.people, ...(await touched(transaction)).people]);
  return { events: known.events, people: [...people].sort() };
}

/**
 * Adds to the profiles which ids are of one person by the events that they do not have yet, and nothing else of these events: it does
 * not matter that they are added later.
 */
export async function absorbLinks(transaction: Transaction): Promise<void> {
  const isFresh = "stored_by >= (select stored_by from profiles.progress)";
  await transaction.query(`with fresh as (${eventsWhere(isFresh)}) ${LINKS}`);
}

/** SQL of events as they are taken into the profiles. A device's clock may be years ahead: nothing happened after it came. */
function eventsWhere(condition: string): string {
  return `select id, type, properties, consent, campaign, least(occurred_at, received_at) as at,
       case when type = 'track' then coalesce(name, type) else type end as name,
       case when user_id is null then 'anonymous:' || anonymous_id else 'user:' || user_id end as person,
       case when user_id is not null then 'anonymous:' || anonymous_id end as before,
       case when type = 'alias' then properties->>'previousId' end as previous
     from events.event
     where ${condition} and (user_id is not null or anonymous_id is not null)`;
}

/** Whom the fresh events are about, as far as is known now. */
async function touched(transaction: Transaction): Promise<{ events: number; people: string[] }> {
  const { rows } = await transaction.query<{ events: number; people: string[] | null }>(
    `select (select count(*)::int from fresh) as events,
       array_agg(distinct profiles.resolve(one)) as people
     from (
       select person as one from fresh
       union select before from fresh where before is not null
       union select 'anonymous:' || previous from fresh where previous is not null
       union select 'user:' || previous from fresh where previous is not null
     ) as ids`,
  );
  return { events: rows[0]!.events, people: rows[0]!.people ?? [] };
}

// The sender of an alias may mean either kind of id.
const LINKS = `
   insert into profiles.link as known (person, became, first_at)
   select before_or_previous, person, min(at)
   from fresh, unnest(array[before, 'anonymous:' || previous, 'user:' || previous]) as before_or_previous
   where before_or_previous <> person
   group by 1, 2
   on conflict (person, became) do update
   set first_at = least(known.first_at, excluded.first_at)`;

/** Sums, minima and the latest: whatever the order, the result is the same. */
const statements = [
  LINKS,
  `insert into profiles.trait as known (person, name, value, at, event)
   select distinct on (person, trait.key) person, trait.key, trait.value, at, id
   from fresh, jsonb_each(properties) as trait
   where type = 'identify'
   order by person, trait.key, at desc, id desc
   on conflict (person, name) do update
   set value = excluded.value, at = excluded.at, event = excluded.event
   where (excluded.at, excluded.event) > (known.at, known.event)`,
  `insert into profiles.activity as known (person, name, day, count, first_at, last_at)
   select person, name, (at at time zone 'UTC')::date, count(*), min(at), max(at)
   from fresh
   group by 1, 2, 3
   on conflict (person, name, day) do update
   set count = known.count + excluded.count,
     first_at = least(known.first_at, excluded.first_at),
     last_at = greatest(known.last_at, excluded.last_at)`,
  `insert into profiles.consent as known (person, purposes, at, event)
   select distinct on (person) person, consent, at, id
   from fresh
   order by person, at desc, id desc
   on conflict (person) do update
   set purposes = excluded.purposes, at = excluded.at, event = excluded.event
   where (excluded.at, excluded.event) > (known.at, known.event)`,
  keepFreshExposures,
];

/** A 64-bit number as SQL: a statement that creates a table takes no parameters. */
function bigint(value: string): string {
  return String(BigInt(value));
}
