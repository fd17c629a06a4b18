import { randomUUID } from "node:crypto";
import type { Transaction } from "../transaction.ts";
import { recordChange } from "./change.ts";

/** What is decided at run time about a campaign; its file stays as it is. */
export interface Decision {
  /** Share of the audience that is reached from now on, 0-100; 0 takes it back. */
  readonly rolloutPercent: number;
  /** Percent of each variant by name; they sum up to 100. */
  readonly percents: Readonly<Record<string, number>>;
  /** Why, in a sentence that people read in the campaign's status. */
  readonly reason: string;
}

/** Decides about a campaign: the worker shows it in the status, and the edge keeps to it within 5 s. */
export async function decide(
  transaction: Transaction,
  campaign: string,
  { rolloutPercent, percents, reason }: Decision,
): Promise<void> {
  const sum = Object.values(percents).reduce((a, b) => a + b, 0);
  if (sum !== 100) throw new Error(`percents must sum up to 100, got ${JSON.stringify(percents)}`);
  await transaction.query(
    `update campaigns.campaign set rollout_percent = $2, percents = $3, reason = $4,
       rollout_since = clock_timestamp()
     where name = $1`,
    [campaign, rolloutPercent, JSON.stringify(percents), reason],
  );
  await recordChange(transaction, {
    kind: "campaign.decide",
    campaign,
    key: randomUUID(),
    details: { rolloutPercent, percents, reason },
  });
}
