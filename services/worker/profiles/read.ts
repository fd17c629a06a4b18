import type { Purpose } from "../../contract/event.ts";
import type { Activity, Profile } from "../../contract/profile.ts";
import type { Transaction } from "../transaction.ts";

/**
 * The profiles of people, in order of `person`.
 *
 * @param people ids (`user:…`, `anonymous:…`); one that belongs to somebody else by now has no profile of its own.
 */
export async function readProfiles(
  transaction: Transaction,
  people: readonly string[],
): Promise<Profile[]> {
  const { rows } = await transaction.query<Row>(SELECT, [people]);
  return rows.map(({ person, ids, traits, days, consent }) => ({
    person,
    ids,
    traits: traits ?? {},
    activity: activityOf(days ?? []),
    consent: consent ?? [],
  }));
}

interface Row {
  readonly person: string;
  readonly ids: string[];
  readonly traits: Record<string, unknown> | null;
  readonly days: Day[] | null;
  readonly consent: Purpose[] | null;
}

/** What a person did on one day; times in milliseconds of Unix time. */
interface Day {
  readonly name: string;
  readonly day: string;
  readonly count: number;
  readonly first: number;
  readonly last: number;
}

const SELECT = `
  with asked as (
    select distinct one as person from unnest($1::text[]) as one where profiles.resolve(one) = one
  ), known as (
    select asked.person, id from asked, profiles.ids(asked.person) as id
  ), refused as materialized (
    select * from events.refusals(array(select id from known))
  )
  select person,
    (select array_agg(id order by id collate "C") from known where known.person = asked.person) as ids,
    (select jsonb_object_agg(name, value order by name) from (
       select distinct on (trait.name) trait.name, trait.value
       from known join profiles.trait on trait.person = known.id
       where known.person = asked.person
       order by trait.name, trait.at desc, trait.event desc
     ) as latest where value <> 'null') as traits,
    (select jsonb_agg(jsonb_build_object('name', name, 'day', day, 'count', count,
         'first', extract(epoch from first_at) * 1000, 'last', extract(epoch from last_at) * 1000)) from (
       select activity.name, day, sum(count) as count, min(first_at) as first_at, max(last_at) as last_at
       from known join profiles.activity on activity.person = known.id
       where known.person = asked.person
       group by activity.name, day order by activity.name, day
     ) as daily) as days,
    (select purposes from (
       select id, purposes, at, event from known join profiles.consent on consent.person = id where known.person = asked.person
       union all
       select id, purposes, at, null from known join refused on refused.person = id where known.person = asked.person
     ) as said order by at desc, event desc nulls first limit 1) as consent
  from asked
  where exists (select from known join profiles.activity on activity.person = known.id where known.person = asked.person)
  order by person collate "C"`;

function activityOf(days: readonly Day[]): Record<string, Activity> {
  // An event may be called as what every other object has: constructor.
  const activity = Object.create(null) as Record<string, Activity>;
  for (const { name, day, count, first, last } of days) {
    const before = activity[name];
    activity[name] = {
      count: count + (before?.count ?? 0),
      // Days come in order.
      firstAt: before?.firstAt ?? new Date(first).toISOString(),
      lastAt: new Date(last).toISOString(),
      days: { ...before?.days, [day]: count },
    };
  }
  return activity;
}
