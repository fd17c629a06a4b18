import { pino } from "pino";
import type { CampaignSpec } from "../../../../services/contract/campaign.ts";
import { accept, type Accepted } from "../../../../services/worker/campaigns/accept.ts";
import { repeat, type Repeated } from "../../../../services/worker/repeat.ts";
import type { Transaction } from "../../../../services/worker/transaction.ts";
import type { SharedDatabase } from "../worker-database.ts";

/** A campaign of one letter whose window is open, with changes. */
export function letterCampaign(changes: Partial<CampaignSpec> = {}): CampaignSpec {
  return {
    owner: "luis@olivarluz.example",
    purpose: "Greets who signs up.",
    window: { timeZone: "Europe/Madrid", from: "2026-01-01 00:00", to: "2099-01-01 00:00" },
    audience: { all: [] },
    consentBasis: ["email"],
    locales: ["en", "es"],
    content: { welcome: { type: "email-template", slug: "welcome" } },
    variants: [{ name: "letter", percent: 100 }],
    channels: { letters: { kind: "email", from: "luis@olivarluz.example" } },
    journey: {
      startsWith: "Signed Up",
      steps: [{ name: "greet", send: { channel: "letters", content: "welcome" } }],
    },
    goal: { event: "Order Completed", withinDays: 30, effectPercent: 1 },
    rollout: [{ percent: 100 }],
    budget: { currency: "EUR", daily: 5, total: 900 },
    ...changes,
  };
}

/** Runs a campaign as if the worker had accepted it, and opens the way out, as if somebody had just looked. */
export async function runCampaign(
  database: Transaction,
  campaign: Pick<Accepted, "name" | "spec"> & Partial<Accepted>,
): Promise<void> {
  await accept(database, { uid: `uid-of-${campaign.name}`, generation: 1, ...campaign });
  await database.query(
    "update campaigns.outbound set stopped = false, looked_at = clock_timestamp()",
  );
}

/** Keeps the way out open as long as the tests of a file run, as if somebody always looked. */
export function keepLooking(database: SharedDatabase): void {
  let looking: Repeated;
  beforeAll(() => {
    const log = pino({ level: "silent" });
    looking = repeat({ what: "the kill switch is read", interval: 1000, log }, () =>
      database.admin.query("update campaigns.outbound set looked_at = clock_timestamp()"),
    );
  });
  afterAll(() => looking.stop());
}
