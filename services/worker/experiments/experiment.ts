import type { CampaignSpec } from "../../contract/campaign.ts";
import type { CurrentCampaign } from "../campaigns/current.ts";
import type { Transaction } from "../transaction.ts";
import type { Arm } from "./arm.ts";
import { countArms } from "./count.ts";
import { explain } from "./explain.ts";
import { judge, type Counted, type Verdict } from "./verdict.ts";

/** Probability of calling a winner, or a harm, where there is none. */
const ALPHA = 0.05;

/** What a campaign's experiment has shown until now. */
export interface Experiment {
  readonly campaign: string;
  /** People given a variant before this are not counted. */
  readonly countedFrom: Date;
  /** Goal by variant, of those who were given one until it was concluded. */
  readonly arms: readonly Arm[];
  /** The same of all until now. */
  readonly reached: readonly Arm[];
  /** Null until something was counted, and of a campaign with one variant. */
  readonly verdict: Verdict | null;
  /** One paragraph; empty as long as `verdict` is null. */
  readonly explanation: string;
  /** When there was something to conclude; null until then. */
  readonly concludedAt: Date | null;
}

/** A campaign and what people are shared out by and judged by: a change of that is another experiment. */
interface Declared {
  readonly name: string;
  readonly uid: string;
  readonly spec: Pick<CampaignSpec, "variants" | "goal">;
}

function declaredBy({ uid, spec: { variants, goal } }: Declared): string {
  return JSON.stringify({ variants, goal, uid });
}

/** What all experiments have shown, by campaign. */
export async function readExperiments(
  database: Transaction,
): Promise<ReadonlyMap<string, Experiment>> {
  const { rows } = await database.query<Experiment>(`select ${COLUMNS} from campaigns.experiment`);
  return new Map(rows.map((row) => [row.campaign, row]));
}

const COLUMNS = `campaign, counted_from as "countedFrom", arms, reached, verdict, explanation, concluded_at as "concludedAt"`;

/**
 * Forgets what a campaign's experiment has shown, if it is another one now. Called when a spec is accepted, before the edge knows of it:
 * whoever is given a variant by it is counted. That a variant harms is not forgotten because something else is asked of the same
 * variants: they would be given to people again.
 *
 * @returns whether something was forgotten.
 */
export async function restartIfChanged(transaction: Transaction, now: Declared): Promise<boolean> {
  const { rowCount } = await transaction.query(
    `update campaigns.experiment set declared = $2, counted_from = clock_timestamp(), arms = default, reached = default, verdict = null,
       explanation = default, concluded_at = null
     where campaign = $1 and declared <> $2
       and (verdict->>'kind' is distinct from 'harm' or declared - 'goal' <> $2::jsonb - 'goal')`,
    [now.name, declaredBy(now)],
  );
  return rowCount === 1;
}

/** Counts and judges a campaign's experiment anew, and keeps what is known of it now. */
export async function lookAt(
  transaction: Transaction,
  campaign: CurrentCampaign,
): Promise<Experiment> {
  const { name, spec } = campaign;
  const { variants, goal } = spec;
  const before = await begun(transaction, campaign);
  const guardRails = spec.guardRails ?? [];
  const asked = {
    campaign: name,
    variants: variants.map((variant) => ({ name: variant.name, share: variant.percent / 100 })),
    events: [...new Set([goal.event, ...guardRails.map(({ event }) => event)])],
    withinDays: goal.withinDays,
    from: before.countedFrom,
  };
  const { concludedAt } = before;
  const ofAll = await countArms(transaction, asked);
  const byEvent = concludedAt
    ? await countArms(transaction, { ...asked, until: concludedAt })
    : ofAll;
  const counted: Counted = {
    arms: byEvent.get(goal.event)!,
    guardRails: guardRails.map(({ event, harm }) => ({
      name: event,
      harm,
      arms: byEvent.get(event)!,
    })),
    effect: goal.effectPercent / 100,
    alpha: ALPHA,
  };
  const verdict = variants.length > 1 ? standing(before.verdict, judge(counted)) : null;
  const { rows } = await transaction.query<Experiment>(
    `update campaigns.experiment set arms = $2, verdict = $3, explanation = $4,
       concluded_at = coalesce(concluded_at, case when $5 then clock_timestamp() end), reached = $6
     where campaign = $1 returning ${COLUMNS}`,
    [
      name,
      JSON.stringify(counted.arms),
      verdict && JSON.stringify(verdict),
      verdict ? explain(counted, verdict) : "",
      verdict !== null && isConclusion(verdict),
      JSON.stringify(ofAll.get(goal.event)),
    ],
  );
  if (verdict) await keepLook(transaction, name, verdict);
  return rows[0]!;
}

/** The experiment as it was left, or a new one. */
async function begun(transaction: Transaction, campaign: CurrentCampaign): Promise<Experiment> {
  const { rows } = await transaction.query<Experiment>(
    `insert into campaigns.experiment as known (campaign, declared, counted_from)
     values ($1, $2, $3)
     on conflict (campaign) do update set declared = known.declared
     returning ${COLUMNS}`,
    [campaign.name, declaredBy(campaign), campaign.opensAt],
  );
  return rows[0]!;
}

/** What was concluded stays, unless it has turned out to harm. */
function standing(before: Verdict | null, now: Verdict): Verdict {
  if (before?.kind === "harm") return before;
  const isConcluded = before !== null && isConclusion(before);
  return isConcluded && now.kind !== "harm" ? before : now;
}

function isConclusion({ kind }: Verdict): boolean {
  return kind === "harm" || kind === "winner" || kind === "control";
}

async function keepLook(transaction: Transaction, campaign: string, verdict: Verdict) {
  const findings =
    "findings" in verdict ? verdict.findings : "finding" in verdict ? [verdict.finding] : [];
  for (const { variant, difference, low, high } of findings) {
    await transaction.query(
      `insert into campaigns.look (campaign, variant, at, difference, low, high)
       values ($1, $2, date_trunc('day', clock_timestamp(), 'UTC'), $3, $4, $5)
       on conflict (campaign, variant, at) do update
       set difference = excluded.difference, low = excluded.low, high = excluded.high`,
      [campaign, variant, difference, low, high],
    );
  }
}
