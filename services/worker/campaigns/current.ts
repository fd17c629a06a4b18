import { phaseAt, type Hold, type Phase, type Span } from "../../contract/campaign-phase.ts";
import type { CampaignSpec } from "../../contract/campaign.ts";
import type { Transaction } from "../transaction.ts";

/** A campaign as it runs now. */
export interface CurrentCampaign extends Span {
  /** Unique in the stack: the name of its file. */
  readonly name: string;
  /** Of the custom resource; another one is another campaign of the same name. */
  readonly uid: string;
  /** Generation of the custom resource that was last accepted: its `spec` runs, also while a later one is refused. */
  readonly generation: number;
  readonly spec: CampaignSpec;
  readonly hold: Hold | undefined;
  /** By the database's clock. */
  readonly phase: Phase;
  /** Share of the audience that is reached, 0-100; begins with the first step of the roll-out. */
  readonly rolloutPercent: number;
  /** Since when roll-out and percents are as they are. */
  readonly rolloutSince: Date;
  /** Percent of each variant by name, which sum up to 100; 0 is rolled back. */
  readonly percents: Readonly<Record<string, number>>;
  /** Whether a variant has turned out to harm: from then on everybody gets the first one, also who was given another before. */
  readonly isHarmed: boolean;
  /** Why roll-out and percents are as they are. */
  readonly reason: string;
  /** The database's clock when this was read. */
  readonly now: Date;
}

/** Every campaign that was accepted and whose file is not gone, by name. */
export async function readCampaigns(database: Transaction): Promise<CurrentCampaign[]> {
  const { rows } = await database.query<Row>(SELECT);
  return rows.map(({ generation, hold, ...row }) => ({
    ...row,
    generation: Number(generation),
    hold: hold ?? undefined,
    phase: phaseAt(row, hold ?? undefined, row.now),
  }));
}

interface Row extends Omit<CurrentCampaign, "generation" | "hold" | "phase"> {
  /** A bigint comes as text. */
  readonly generation: string;
  readonly hold: Hold | null;
}

const SELECT = `
  select name, uid, generation, spec, opens_at as "opensAt", closes_at as "closesAt", hold, rollout_percent as "rolloutPercent",
    rollout_since as "rolloutSince", percents, reason, clock_timestamp() as now,
    exists (select from campaigns.experiment where campaign = name and verdict->>'kind' = 'harm') as "isHarmed"
  from campaigns.campaign where removed_at is null order by name collate "C"`;
