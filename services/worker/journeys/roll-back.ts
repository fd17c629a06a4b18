import type { CurrentCampaign } from "../campaigns/current.ts";
import type { Transaction } from "../transaction.ts";
import { contentFor } from "./next.ts";

/**
 * Has messages of a campaign that did not leave yet say what the first variant says, whichever they were queued for; of a step that
 * the file has no more, they stay as they are. May be done again: for those that were being queued meanwhile.
 */
export async function rollBackMessages(
  transaction: Transaction,
  { uid, spec }: Pick<CurrentCampaign, "uid" | "spec">,
): Promise<void> {
  const control = spec.variants[0]!.name;
  const contents = spec.journey.steps.flatMap(({ name, send }) =>
    send ? [[name, contentFor(spec, control, send.content)]] : [],
  );
  await transaction.query(
    `update campaigns.message set variant = $2, content = said.content
     from jsonb_each_text($3) as said (step, content)
     where uid = $1 and message.step = said.step and variant <> $2 and state in ('queued', 'failed') and left_at is null`,
    [uid, control, JSON.stringify(Object.fromEntries(contents))],
  );
}
