import { Gauge, type Registry } from "prom-client";
import { shownAnew } from "./shown-anew.ts";
import type { Transaction } from "./transaction.ts";

/** What a campaign has spent today (UTC), and may spend in a day, in the currency of its budget. */
export interface Spend {
  readonly campaign: string;
  readonly today: number;
  readonly daily: number;
}

/** Account under which the costs of messages are told. */
const ACCOUNT = "messages";

/** Reads it of every campaign whose file is not gone; what a message costs counts once it has left. */
export async function readSpend(database: Transaction): Promise<Spend[]> {
  const { rows } = await database.query<Spend>(
    `select name as campaign, (spec->'budget'->>'daily')::float8 as daily,
       coalesce((
         select sum(cost) from campaigns.message
         where message.uid = campaign.uid and left_at >= date_trunc('day', now() at time zone 'UTC') at time zone 'UTC'
       ), 0)::float8 as today
     from campaigns.campaign where removed_at is null`,
  );
  return rows;
}

/**
 * Adds it to a registry.
 *
 * @param read as for {@link shownAnew}.
 */
export function addSpendMetrics(registry: Registry, read: () => Promise<readonly Spend[]>): void {
  const registers = [registry];
  new Gauge({
    name: "ad_spend_today_currency",
    help: "What a campaign has spent today, UTC, in the currency of its budget.",
    labelNames: ["account", "campaign"],
    registers,
    collect: shownAnew(read, (spends) =>
      spends.map(({ campaign, today }) => [{ account: ACCOUNT, campaign }, today]),
    ),
  });
  new Gauge({
    name: "ad_daily_budget_currency",
    help: "What a campaign may spend in a day.",
    labelNames: ["campaign"],
    registers,
    collect: shownAnew(read, (spends) =>
      spends.map(({ campaign, daily }) => [{ campaign }, daily]),
    ),
  });
}
