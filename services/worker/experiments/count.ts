import { FEEDBACK_EVENTS } from "../../contract/mail-feedback.ts";
import type { Transaction } from "../transaction.ts";
import type { Arm } from "./arm.ts";

/** Whom and what to count of a campaign. */
export interface Count {
  readonly campaign: string;
  /** Variants in order, with the share of people that each is given, 0-1. */
  readonly variants: readonly { readonly name: string; readonly share: number }[];
  /** Names of the events that are counted, each for itself. */
  readonly events: readonly string[];
  /** For how long after being given the variant an event counts, in days. */
  readonly withinDays: number;
  /** Those who were given a variant from here on. */
  readonly from: Date;
  /** And before this. @default - until now */
  readonly until?: Date;
}

/**
 * How many people were given each variant, and how many of them then did each of the events: a person of many ids once, with the
 * first variant that they were given.
 *
 * @returns the variants by event, all with the same people.
 */
export async function countArms(
  transaction: Transaction,
  { campaign, variants, events, withinDays, from, until }: Count,
): Promise<ReadonlyMap<string, readonly Arm[]>> {
  const values = [campaign, from, until ?? null, events, withinDays, FEEDBACK_EVENTS];
  const { rows } = await transaction.query<Row>(SELECT, values);
  const found = new Map(rows.map((row) => [row.variant, row]));
  return new Map(
    events.map((event, index) => [
      event,
      variants.map(({ name, share }) => ({
        variant: name,
        share,
        exposed: found.get(name)?.exposed ?? 0,
        converted: found.get(name)?.converted[index] ?? 0,
      })),
    ]),
  );
}

interface Row {
  readonly variant: string;
  readonly exposed: number;
  /** By event, in order. */
  readonly converted: number[];
}

// Most ids are linked to no other: those need not be resolved. A day of activity holds an event of the time that counts where its
// last one is later than the exposure and its first one not too late: a day is never longer than that time. What comes back of
// letters names no person: it is that of the letter.
const SELECT = `
  with linked as materialized (
    select person, profiles.resolve(person) as who from (select distinct person from profiles.link) as ids
  ), exposed as materialized (
    select distinct on (who) coalesce(linked.who, exposure.person) as who, variant, at
    from campaigns.exposure left join linked using (person)
    where campaign = $1
    order by who, at, variant
  ), counted as materialized (
    select * from exposed where at >= $2 and ($3::timestamptz is null or at < $3)
  ), reached as (
    select distinct counted.who, activity.name
    from profiles.activity left join linked using (person)
      join counted on counted.who = coalesce(linked.who, activity.person)
    where activity.name = any($4::text[])
      and activity.last_at > counted.at
      and activity.first_at <= counted.at + make_interval(days => $5)
    union
    select counted.who, told.value
    from jsonb_each_text($6) as told
      join campaigns.feedback on feedback.kind = told.key
      join campaigns.message on message.id = feedback.message
      left join linked using (person)
      join counted on counted.who = coalesce(linked.who, message.person)
    where told.value = any($4::text[]) and message.campaign = $1
      and feedback.at > counted.at and feedback.at <= counted.at + make_interval(days => $5)
  )
  select variant, count(*)::int as exposed,
    array(
      select (select count(*)::int from reached join counted as one using (who)
              where reached.name = event.name and one.variant = counted.variant)
      from unnest($4::text[]) with ordinality as event (name, place) order by place
    ) as converted
  from counted group by variant`;
