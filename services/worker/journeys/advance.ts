import type pg from "pg";
import { readCampaigns, type CurrentCampaign } from "../campaigns/current.ts";
import type { Profile } from "../../contract/profile.ts";
import { areProfilesBehind } from "../profiles/behind.ts";
import { readProfiles } from "../profiles/read.ts";
import { uuidOf } from "../publication.ts";
import { inTransaction, type Transaction } from "../transaction.ts";
import { keyOf } from "./message.ts";
import { next, type Move, type Place } from "./next.ts";
import type { Counts } from "./rules.ts";

/** How many people go on in one transaction. */
const PORTION = 200;

/** Somebody on the way. */
interface Traveller {
  readonly uid: string;
  /** Id by which they came in. */
  readonly person: string;
  /** Id of the person that it stands for by now. */
  readonly who: string;
  readonly variant: string;
  readonly step: string | null;
  readonly since: Date;
  readonly before: Counts;
  readonly now: Date;
}

/**
 * Lets those go on in their journeys for whom it is time, each once, in however many workers this is called: they wait, end, or
 * have a message queued. Who is in a campaign that is over comes to the end; while one is paused, or the profiles are behind the
 * event log, nobody goes on.
 *
 * @returns whether more people may be due.
 */
export function advanceJourneys(pool: pg.Pool): Promise<boolean> {
  return inTransaction(pool, async (transaction) => {
    await transaction.query(END_OVER);
    if (await areProfilesBehind(transaction)) return false;
    const campaigns = await readCampaigns(transaction);
    const live = new Map(
      campaigns.flatMap((campaign) =>
        campaign.phase === "live" ? [[campaign.uid, campaign]] : [],
      ),
    );
    const { rows } = await transaction.query<Traveller>(DUE, [[...live.keys()], PORTION]);
    const profiles = new Map(
      (
        await readProfiles(
          transaction,
          rows.map(({ who }) => who),
        )
      ).map((profile) => [profile.person, profile]),
    );
    for (const traveller of rows) {
      await advance(transaction, live.get(traveller.uid)!, traveller, profiles.get(traveller.who));
    }
    return rows.length === PORTION;
  });
}

async function advance(
  transaction: Transaction,
  campaign: CurrentCampaign,
  traveller: Traveller,
  profile: Profile | undefined,
): Promise<void> {
  const { uid, person, variant, now } = traveller;
  if (!profile) return end(transaction, traveller, "nobody is known by this id any more");
  if (profile.ids.length > 1 && (await isDoubled(transaction, uid, person, profile))) {
    return end(transaction, traveller, "the same person came in by another id");
  }
  const { spec, isHarmed } = campaign;
  const given = isHarmed ? spec.variants[0]!.name : variant;
  let place: Place = { ...traveller, before: await beforeOf(transaction, traveller, profile) };
  for (;;) {
    const move = next(spec, given, place, profile, now);
    if (move.kind === "end") return end(transaction, traveller, move.reason);
    if (move.kind === "wait") return goOn(transaction, traveller, move.place, move.until);
    const isQueued = await queue(transaction, campaign, { ...traveller, variant: given }, move);
    if (isQueued) return goOn(transaction, traveller, move.place, null);
    place = move.place;
  }
}

/** Queues a message; false if there is nothing to wait for: it is shown by the edge, or was queued before the steps were moved. */
async function queue(
  transaction: Transaction,
  { name, spec }: CurrentCampaign,
  { uid, person, variant }: Traveller,
  { step, channel, content }: Extract<Move, { kind: "send" }>,
): Promise<boolean> {
  const { kind } = spec.channels[channel]!;
  if (kind === "web") return false;
  const id = uuidOf(keyOf(uid, person, step));
  const { rowCount } = await transaction.query(
    `insert into campaigns.message (id, uid, campaign, person, variant, step, channel, kind, content, due_at)
     values ($1, $2, $3, $4, $5, $6, $7, $8, $9, clock_timestamp()) on conflict (id) do nothing`,
    [id, uid, name, person, variant, step, channel, kind, content],
  );
  return rowCount === 1;
}

/** Whether the same person came in earlier by another of their ids, before it was known that these are one. */
async function isDoubled(
  transaction: Transaction,
  uid: string,
  person: string,
  { ids }: Profile,
): Promise<boolean> {
  const { rows } = await transaction.query<{ person: string }>(
    `select person from campaigns.enrolment where uid = $1 and person = any($2)
     order by entered_at, person collate "C" limit 1`,
    [uid, ids],
  );
  return rows[0]?.person !== person;
}

/** What a person had done when they came in, also by ids of which it was not known then that they are theirs. */
async function beforeOf(
  transaction: Transaction,
  { uid, person, before }: Traveller,
  { ids }: Profile,
): Promise<Counts> {
  const asked = Object.keys(before);
  if (ids.length === 1 || asked.length === 0) return before;
  const { rows } = await transaction.query<{ name: string; count: number }>(JOINED, [
    uid,
    person,
    ids,
    asked,
  ]);
  const joined = rows.map(({ name, count }) => [name, before[name]! + count] as const);
  return { ...before, ...Object.fromEntries(joined) };
}

async function goOn(
  transaction: Transaction,
  { uid, person }: Traveller,
  { step, since }: Place,
  due: Date | null,
): Promise<void> {
  await transaction.query(
    "update campaigns.enrolment set step = $3, since = $4, due_at = $5 where uid = $1 and person = $2",
    [uid, person, step, since, due],
  );
}

async function end(
  transaction: Transaction,
  { uid, person }: Traveller,
  reason: string,
): Promise<void> {
  await transaction.query(
    `update campaigns.enrolment set step = null, due_at = null, ended_at = clock_timestamp(), reason = $3
     where uid = $1 and person = $2`,
    [uid, person, reason],
  );
}

const DUE = `
  select uid, person, profiles.resolve(person) as who, variant, step, since, before, clock_timestamp() as now
  from campaigns.enrolment where uid = any($1) and due_at <= clock_timestamp()
  order by due_at limit $2 for update skip locked`;

// Of the day on which they came in, if they did it before and after that, it is not known how often: at least once after.
const JOINED = `
  select activity.name, sum(case when last_at < entered_at then count else count - 1 end)::int as count
  from campaigns.enrolment join profiles.activity on activity.person = any($3) and activity.name = any($4)
  where uid = $1 and enrolment.person = $2 and first_at < entered_at
    and sha256(convert_to(activity.person, 'UTF8')) <> all(known)
  group by activity.name`;

// One look into the index for each campaign, however many people wait. Which are over, as their phase says, is asked in the same
// statement: people may have come into one that was accepted, or goes on, since an earlier one.
const END_OVER = `
  with recursive waiting as (
    select min(uid) as uid from campaigns.enrolment where due_at is not null
    union all
    select (select min(uid) from campaigns.enrolment where due_at is not null and enrolment.uid > waiting.uid)
    from waiting where uid is not null
  )
  update campaigns.enrolment set due_at = null, ended_at = clock_timestamp(), reason = 'the campaign is over'
  where due_at is not null and uid in (
    select uid from waiting
    where uid is not null and not exists (
      select from campaigns.campaign
      where campaign.uid = waiting.uid and removed_at is null and closes_at > clock_timestamp()
        and hold is distinct from 'stopped'
    )
  )`;
