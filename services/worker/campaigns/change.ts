import { uuidOf } from "../publication.ts";
import type { Transaction } from "../transaction.ts";

/** Something that happened to a campaign, for the ledger. */
export interface CampaignChange {
  readonly kind:
    | "campaign.accept"
    | "campaign.hold"
    | "campaign.decide"
    | "campaign.remove"
    | "campaign.withhold";
  readonly campaign: string;
  /** Tells this change from the campaign's others of its kind: the same twice is one row. */
  readonly key: string;
  readonly details: object;
}

/** Writes a change of a campaign into the ledger, at the database's time. */
export async function recordChange(
  transaction: Transaction,
  { kind, campaign, key, details }: CampaignChange,
): Promise<void> {
  await transaction.query(
    `insert into ledger.change (id, kind, subject, actor, occurred_at, details)
     values ($1, $2, $3, 'worker', clock_timestamp(), $4) on conflict (id) do nothing`,
    [
      uuidOf([kind, campaign, key].join("\n")),
      kind,
      `campaign/${campaign}`,
      JSON.stringify(details),
    ],
  );
}
