import { insertLedgerRow } from "../ledger-row.ts";
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
  await insertLedgerRow(transaction, {
    id: uuidOf([kind, campaign, key].join("\n")),
    kind,
    subject: `campaign/${campaign}`,
    actor: "worker",
    details,
  });
}
