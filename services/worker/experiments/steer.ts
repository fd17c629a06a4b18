import type pg from "pg";
import { readCampaigns } from "../campaigns/current.ts";
import { decide } from "../campaigns/decide.ts";
import { rollBackMessages } from "../journeys/roll-back.ts";
import { inTransaction } from "../transaction.ts";
import { isMyTurn } from "../turns.ts";
import { lookAt } from "./experiment.ts";
import { nextStep } from "./next-step.ts";

/** Any number that nobody else locks: one worker steers at a time. */
const LOCK = 7_352_003;

const HOUR = 3_600_000;

/**
 * Looks at every live campaign: counts and judges its experiment, and takes its next step, a better variant or a larger share of the
 * audience. A campaign that fails does not hold up the others.
 *
 * @throws AggregateError with what failed, a campaign each.
 */
export async function steerCampaigns(pool: pg.Pool): Promise<void> {
  const campaigns = await readCampaigns(pool);
  const failures: Error[] = [];
  for (const { name } of campaigns.filter(({ phase }) => phase === "live")) {
    await steer(pool, name).catch((error: Error) =>
      failures.push(new Error(`campaign ${name}: ${error.message}`, { cause: error })),
    );
  }
  if (failures.length > 0) {
    throw new AggregateError(failures, failures.map(({ message }) => message).join("; "));
  }
}

async function steer(pool: pg.Pool, name: string): Promise<void> {
  await inTransaction(pool, async (transaction) => {
    if (!(await isMyTurn(transaction, LOCK))) return;
    // Somebody may have paused it, have decided, or have another file of it accepted since it was read without the lock.
    await transaction.query("select from campaigns.campaign where name = $1 for update", [name]);
    const campaign = (await readCampaigns(transaction)).find((one) => one.name === name);
    if (campaign?.phase !== "live") return;
    const { reached, verdict } = await lookAt(transaction, campaign);
    const decision = nextStep({
      ...campaign,
      hours: (campaign.now.getTime() - campaign.rolloutSince.getTime()) / HOUR,
      people: reached.reduce((sum, { exposed }) => sum + exposed, 0),
      verdict: verdict ?? undefined,
    });
    if (decision) await decide(transaction, name, decision);
    if (verdict?.kind === "harm") await rollBackMessages(transaction, campaign);
  });
}
