import type pg from "pg";
import { readCampaigns, type CurrentCampaign } from "../campaigns/current.ts";
import { areProfilesBehind } from "../profiles/behind.ts";
import { inTransaction, type Transaction } from "../transaction.ts";
import { isMyTurn } from "../turns.ts";
import { enterPeople, isTravelled } from "./enter.ts";

/** Any number that nobody else locks: one worker sweeps at a time. */
export const SWEEP_LOCK = 7_352_005;

/** How many people are looked at in one transaction. */
const PORTION = 500;

/** How long a sweep counts, in hours: a rule on the last days lets people in without anything that they do. */
const COUNTS = 1;

/**
 * Looks at the next people of all that are known, for each live campaign, and lets in who may come in: those who were there
 * before it, or before it reached them. It is done again when more people are reached, and from time to time.
 *
 * @returns whether more people are to be looked at.
 */
export function sweepPeople(pool: pg.Pool): Promise<boolean> {
  return inTransaction(pool, async (transaction) => {
    if (!(await isMyTurn(transaction, SWEEP_LOCK)) || (await areProfilesBehind(transaction)))
      return false;
    const campaigns = (await readCampaigns(transaction)).filter(
      (campaign) => campaign.phase === "live" && isTravelled(campaign),
    );
    // Who would have come in while a campaign was held is looked at when it goes on.
    await transaction.query("delete from campaigns.sweep where uid <> all($1)", [
      campaigns.map(({ uid }) => uid),
    ]);
    let isMore = false;
    for (const campaign of campaigns) isMore = (await sweep(transaction, campaign)) || isMore;
    return isMore;
  });
}

async function sweep(transaction: Transaction, campaign: CurrentCampaign): Promise<boolean> {
  const { uid, name, generation, rolloutPercent, percents } = campaign;
  const declared = JSON.stringify([generation, rolloutPercent, percents]);
  const begun = await transaction.query<{ reached: string }>(BEGIN, [uid, declared]);
  if (!begun.rows[0]) return false;
  const { reached } = begun.rows[0];
  const { rows } = await transaction.query<{ person: string }>(
    "select distinct person from profiles.activity where person > $1 order by person limit $2",
    [reached, PORTION],
  );
  const people = rows.map(({ person }) => person);
  await enterPeople(transaction, people, name);
  const isMore = people.length === PORTION;
  await transaction.query(
    `update campaigns.sweep set reached = $2, done_at = case when $3 then null else clock_timestamp() end where uid = $1`,
    [uid, people.at(-1) ?? reached, isMore],
  );
  return isMore;
}

// Goes on, or begins anew; no row of one that is done and counts.
const BEGIN = `
  insert into campaigns.sweep as known (uid, declared) values ($1, $2)
  on conflict (uid) do update set declared = excluded.declared, done_at = null,
    reached = case when known.declared = excluded.declared and known.done_at is null then known.reached else '' end
  where known.declared <> excluded.declared or known.done_at is null
    or known.done_at < clock_timestamp() - interval '${COUNTS} hours'
  returning reached`;
