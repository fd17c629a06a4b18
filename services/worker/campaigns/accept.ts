import { isDeepStrictEqual } from "node:util";
import { spanOf } from "../../contract/campaign-phase.ts";
import type { CampaignSpec } from "../../contract/campaign.ts";
import type { Transaction } from "../transaction.ts";
import { restartIfChanged } from "../experiments/experiment.ts";
import { recordChange } from "./change.ts";
import type { CurrentCampaign } from "./current.ts";
import type { Decision } from "./decide.ts";

/** A campaign that passed all checks. */
export interface Accepted {
  readonly name: string;
  readonly uid: string;
  readonly generation: number;
  readonly spec: CampaignSpec;
}

/** What stands decided of a campaign, and by which file. */
type Former = Decision & Pick<CurrentCampaign, "spec">;

/**
 * What stands decided when a spec is accepted: what was decided before about variants and roll-out that the file has as it had
 * them; else what the file says. Another experiment with the same variants begins with the file's shares.
 */
function decisionFor(
  spec: CampaignSpec,
  former: Former | undefined,
  isAnotherExperiment: boolean,
): Decision {
  const isAsBefore = (part: "variants" | "rollout"): boolean =>
    former !== undefined && isDeepStrictEqual(former.spec[part], spec[part]);
  const isRolloutKept = isAsBefore("rollout");
  const areSharesKept = isAsBefore("variants") && !isAnotherExperiment;
  const percents = spec.variants.map(({ name, percent }) => [name, percent] as const);
  return {
    rolloutPercent: isRolloutKept ? former!.rolloutPercent : spec.rollout[0]!.percent,
    percents: areSharesKept ? former!.percents : Object.fromEntries(percents),
    reason: isRolloutKept && areSharesKept ? former!.reason : "as the file has it",
  };
}

/** Runs a campaign by a spec from now on; if it runs under the same uid already, by what is decided about it at this moment. */
export async function accept(
  transaction: Transaction,
  { name, uid, generation, spec }: Accepted,
): Promise<void> {
  const { opensAt, closesAt } = spanOf(spec.window);
  const { rows } = await transaction.query<Former>(FORMER, [name, uid]);
  const isAnotherExperiment = await restartIfChanged(transaction, { name, uid, spec });
  const { rolloutPercent, percents, reason } = decisionFor(spec, rows[0], isAnotherExperiment);
  await transaction.query(UPSERT, [
    name,
    uid,
    generation,
    JSON.stringify(spec),
    opensAt,
    closesAt,
    rolloutPercent,
    JSON.stringify(percents),
    reason,
  ]);
  await recordChange(transaction, {
    kind: "campaign.accept",
    campaign: name,
    key: `${uid}/${generation}`,
    details: { generation, spec },
  });
}

// Whoever decides meanwhile waits.
const FORMER = `
  select rollout_percent as "rolloutPercent", percents, reason, spec from campaigns.campaign
  where name = $1 and uid = $2 and removed_at is null for update`;

const UPSERT = `
  insert into campaigns.campaign as before
    (name, uid, generation, spec, opens_at, closes_at, rollout_percent, percents, reason)
  values ($1, $2, $3, $4, $5, $6, $7, $8, $9)
  on conflict (name) do update set uid = excluded.uid, generation = excluded.generation, spec = excluded.spec,
    opens_at = excluded.opens_at, closes_at = excluded.closes_at, percents = excluded.percents, reason = excluded.reason,
    rollout_percent = excluded.rollout_percent, removed_at = null,
    hold = case when before.uid = excluded.uid then before.hold end,
    rollout_since = case when before.uid = excluded.uid and before.rollout_percent = excluded.rollout_percent
      and before.percents = excluded.percents
      then before.rollout_since else clock_timestamp() end`;
