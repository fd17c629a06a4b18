import { phaseAt, type Hold } from "../../contract/campaign-phase.ts";
import type { Transaction } from "../transaction.ts";

/** Whether an effect may leave. `isFinal`: it never may, so it need not be tried again. */
export type Leave =
  | { readonly allowed: true }
  | { readonly allowed: false; readonly reason: string; readonly isFinal: boolean };

/**
 * Most seconds since somebody looked at the kill switch for which the answer counts. With the 2 s between two looks it leaves
 * an effect that was let out a moment ago the time to end within 10 s.
 */
export const LOOK_COUNTS_SECONDS = 6;

/** Most seconds by which a look may be in the future: where it is more, the clock was put back, and nobody knows when it was. */
const MOST_AHEAD_SECONDS = 1;

/**
 * Whether an effect of a campaign may leave now: ask directly before each one, in the job that has it.
 *
 * An effect that may not leave yet is noted, once, as held back until it may; when nobody was able to read the kill switch
 * lately, none may.
 *
 * @param effect the effect's idempotency key, up to 256 characters.
 */
export async function outboundAllowed(
  database: Transaction,
  campaign: string,
  effect: string,
): Promise<Leave> {
  const { rows } = await database.query<Situation & { held: boolean }>(SELECT, [campaign, effect]);
  const { held, ...situation } = rows[0]!;
  const leave = leaveOf(situation);
  const isHeld = !leave.allowed && !leave.isFinal;
  if (isHeld !== held) await database.query(isHeld ? HOLD : LET_GO, [campaign, effect]);
  return leave;
}

/**
 * Whether what was let out a moment ago still may leave. Notes nothing: who has it may be done with it when this answers, and
 * comes back with what did not leave.
 */
export async function isOutboundAllowed(database: Transaction, campaign: string): Promise<boolean> {
  const { rows } = await database.query<Situation>(SELECT, [campaign, null]);
  return leaveOf(rows[0]!).allowed;
}

/** How many effects of each campaign wait to be let out; campaigns without are left out. */
export async function heldBack(database: Transaction): Promise<Map<string, number>> {
  const { rows } = await database.query<{ campaign: string; effects: number }>(
    "select campaign, count(*)::int as effects from campaigns.held group by campaign",
  );
  return new Map(rows.map(({ campaign, effects }) => [campaign, effects]));
}

/** What decides it, at one instant of the database's clock. */
export interface Situation {
  readonly now: Date;
  /** Seconds since somebody looked at the kill switch. */
  readonly sinceLook: number;
  readonly stopped: boolean;
  /** Null, as all that follows, for a campaign that was never accepted. */
  readonly opensAt: Date | null;
  readonly closesAt: Date | null;
  readonly hold: Hold | null;
  readonly removed: boolean;
}

/** Whether an effect may leave in a situation. */
export function leaveOf(situation: Situation): Leave {
  const { now, sinceLook, stopped, opensAt, closesAt, hold, removed } = situation;
  const never = (reason: string): Leave => ({ allowed: false, reason, isFinal: true });
  const notNow = (reason: string): Leave => ({ allowed: false, reason, isFinal: false });
  if (!opensAt || !closesAt) return never("the campaign was never accepted");
  if (removed) return never("the campaign's file is gone");
  switch (phaseAt({ opensAt, closesAt }, hold ?? undefined, now)) {
    case "ended":
      return never("the campaign's window is over");
    case "stopped":
      return never("the campaign is stopped");
    case "paused":
      return notNow("the campaign is paused");
    case "scheduled":
      return notNow("the campaign's window is not open yet");
  }
  if (stopped) return notNow("all outbound is stopped");
  if (!(sinceLook >= -MOST_AHEAD_SECONDS && sinceLook <= LOOK_COUNTS_SECONDS)) {
    return notNow("nobody could read lately whether all outbound is stopped");
  }
  return { allowed: true };
}

const SELECT = `
  select clock_timestamp() as now, extract(epoch from clock_timestamp() - outbound.looked_at)::float8 as "sinceLook",
    outbound.stopped, campaign.opens_at as "opensAt", campaign.closes_at as "closesAt", campaign.hold,
    campaign.removed_at is not null as removed,
    exists (select from campaigns.held where held.campaign = $1 and held.effect = $2) as held
  from campaigns.outbound left join campaigns.campaign on campaign.name = $1`;

const HOLD = "insert into campaigns.held (campaign, effect) values ($1, $2) on conflict do nothing";
const LET_GO = "delete from campaigns.held where campaign = $1 and effect = $2";
