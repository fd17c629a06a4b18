import type pg from "pg";
import { leaveOf, type Situation } from "../campaigns/outbound.ts";
import { isFeedbackBehind } from "../mail/feedback.ts";
import { areProfilesBehind } from "../profiles/behind.ts";
import { inTransaction, type Transaction } from "../transaction.ts";
import { isMyTurn } from "../turns.ts";
import type { MessageJob } from "./message.ts";

/** Any number that nobody else locks: one worker gives messages at a time. */
const LOCK = 7_352_006;

/** The most messages that are in the job queue at a time: the others wait where a pause or the kill switch finds them. */
const MOST_GIVEN = 500;

/** How many messages are noted as held back in one transaction. */
const PORTION = 5000;

/** After how many minutes in the queue without an end a message is given again: its job is lost. */
const LOST = 15;

/**
 * Gives messages that are due to the job queue, each once, as long as they may leave; those of a campaign that is over too,
 * which are withheld there. The others are noted as held back. None while the profiles, or what came back of mails,
 * are behind the event log.
 *
 * @param give enqueues within the transaction.
 * @returns whether more may be due.
 */
export function dispatchMessages(
  pool: pg.Pool,
  give: (jobs: readonly MessageJob[], transaction: Transaction) => Promise<void>,
): Promise<boolean> {
  return inTransaction(pool, async (transaction) => {
    if (!(await isMyTurn(transaction, LOCK))) return false;
    await transaction.query(RETURN_LOST);
    if (await areProfilesBehind(transaction)) return false;
    if (await isFeedbackBehind(transaction)) return false;
    const parked = await parkedCampaigns(transaction);
    const { rowCount: noted } = await transaction.query(HOLD, [parked, PORTION]);
    const { rows } = await transaction.query<MessageJob>(GIVE, [parked, MOST_GIVEN]);
    const isMore = noted === PORTION || rows.length === MOST_GIVEN;
    if (rows.length === 0) return isMore;
    await transaction.query(LET_GO, [rows.map(({ message }) => message)]);
    await give(rows, transaction);
    return isMore;
  });
}

/** Campaigns, by uid, of which nothing may leave now, but may later. */
async function parkedCampaigns(transaction: Transaction): Promise<string[]> {
  const { rows } = await transaction.query<Situation & { uid: string }>(SITUATIONS);
  return rows.flatMap(({ uid, ...situation }) => {
    const leave = leaveOf(situation);
    return leave.allowed || leave.isFinal ? [] : [uid];
  });
}

const SITUATIONS = `
  select campaign.uid, clock_timestamp() as now, extract(epoch from clock_timestamp() - outbound.looked_at)::float8 as "sinceLook",
    outbound.stopped, campaign.opens_at as "opensAt", campaign.closes_at as "closesAt", campaign.hold,
    campaign.removed_at is not null as removed
  from campaigns.outbound cross join campaigns.campaign`;

const RETURN_LOST = `
  update campaigns.message set due_at = clock_timestamp()
  where due_at is null and settled_at is null and given_at < clock_timestamp() - interval '${LOST} minutes'`;

// Each once, however long it waits.
const HOLD = `
  with fresh as (
    update campaigns.message set is_held = true
    where id in (
      select fresh.id
      from unnest($1::text[]) as parked (uid) cross join lateral (
        select id from campaigns.message
        where message.uid = parked.uid and is_held = false and due_at <= clock_timestamp()
        order by due_at limit $2 for update skip locked
      ) as fresh
      limit $2
    )
    returning campaign, id
  ), noted as (
    insert into campaigns.held (campaign, effect) select campaign, id::text from fresh on conflict do nothing
  )
  select from fresh`;

const LET_GO = `
  delete from campaigns.held using campaigns.message
  where message.id = any($1) and held.campaign = message.campaign and held.effect = message.id::text`;

// The first of each campaign, so that none is looked at of those that may not leave, however many these are.
const GIVE = `
  with recursive waiting as (
    select min(uid) as uid from campaigns.message where due_at is not null
    union all
    select (select min(uid) from campaigns.message where due_at is not null and message.uid > waiting.uid)
    from waiting where uid is not null
  ), due as (
    select first.id, first.due_at
    from waiting cross join (values (false), (true)) as noted (is_held) cross join lateral (
      select id, due_at from campaigns.message
      where message.uid = waiting.uid and message.is_held = noted.is_held and due_at <= clock_timestamp()
      order by due_at limit $2 for update skip locked
    ) as first
    where waiting.uid <> all($1)
  )
  update campaigns.message set due_at = null, is_held = false, given_at = clock_timestamp(), round = round + 1
  where id in (
    select id from due order by due_at
    limit greatest(0, $2 - (select count(*) from campaigns.message where due_at is null and settled_at is null))
  )
  returning id as message, round`;
