import { keepExposure } from "../experiments/exposures.ts";
import { keepFeedback } from "../mail/feedback.ts";
import type { Transaction } from "../transaction.ts";
import type { Outcome } from "./channel.ts";

/** How a message ended. */
export interface End {
  readonly state: "sent" | "failed" | "unknown" | "withheld";
  readonly reason: string;
  readonly reference?: string;
  /** Whether it failed because nobody is reached at the person's address. */
  readonly bounced?: true;
}

/**
 * Ends a message, and lets the person go on in the journey from this moment; one that was given up and tried again moves nobody
 * any more.
 */
export async function settle(
  transaction: Transaction,
  id: string,
  { state, reason, reference, bounced }: End,
): Promise<void> {
  const hasLeft = state === "sent" || state === "unknown";
  if (!hasLeft) await transaction.query(REFUND, [id]);
  const { rows } = await transaction.query<Settled>(SETTLE, [
    id,
    state,
    reason,
    reference ?? null,
    hasLeft,
  ]);
  const { uid, campaign, person, variant, leftAt, settledAt, isFirst } = rows[0]!;
  // As if it had left and come back: by which server an address is refused makes no difference to guard rails.
  if (hasLeft || bounced) {
    await keepExposure(transaction, { campaign, person, variant, at: leftAt! });
  }
  if (bounced) await keepFeedback(transaction, id, "bounced");
  if (!isFirst) return;
  await transaction.query("delete from campaigns.held where campaign = $1 and effect = $2", [
    campaign,
    id,
  ]);
  await transaction.query(
    `update campaigns.enrolment set since = $3, due_at = $3
     where uid = $1 and person = $2 and due_at is null and ended_at is null`,
    [uid, person, settledAt],
  );
}

/** Has a message wait that is not done. */
export async function postpone(
  transaction: Transaction,
  id: string,
  state: "queued" | "unknown",
  { reason, seconds }: { readonly reason: string; readonly seconds: number },
): Promise<void> {
  if (state === "queued") await transaction.query(REFUND, [id]);
  await transaction.query(
    `update campaigns.message set state = $2, reason = $3, due_at = clock_timestamp() + make_interval(secs => $4), is_held = false,
       left_at = case when $2 = 'queued' then null else left_at end, cost = case when $2 = 'queued' then 0 else cost end,
       spent_on = case when $2 = 'queued' then null else spent_on end
     where id = $1`,
    [id, state, reason, seconds],
  );
}

/** Whether a message is still of who claimed it. */
export async function isHeldBy(
  transaction: Transaction,
  id: string,
  claim: string,
): Promise<{ readonly isMine: boolean; readonly tries: number }> {
  const { rows } = await transaction.query<{ claim: string | null; tries: number }>(
    "select claim, tries from campaigns.message where id = $1 for update",
    [id],
  );
  const row = rows[0];
  return { isMine: row?.claim === claim, tries: row?.tries ?? 0 };
}

/** How a message ends by an outcome, after which nothing more is tried. */
export function endOf(outcome: Outcome): End {
  switch (outcome.kind) {
    case "sent":
      return {
        state: "sent",
        reason: "",
        ...(outcome.reference && { reference: outcome.reference }),
      };
    case "unknown":
      return { state: "unknown", reason: outcome.reason };
    case "refused":
      return {
        state: "failed",
        reason: outcome.reason,
        ...(outcome.bounced && { bounced: true }),
      };
    case "later":
      return { state: "failed", reason: outcome.reason };
  }
}

interface Settled {
  readonly uid: string;
  readonly campaign: string;
  readonly person: string;
  readonly variant: string;
  /** When it was let out, also if it certainly did not leave. */
  readonly leftAt: Date | null;
  readonly settledAt: Date;
  readonly isFirst: boolean;
}

const SETTLE = `
  update campaigns.message set state = $2, reason = $3, reference = $4, due_at = null, claim = null,
    settled_at = coalesce(before.settled_at, clock_timestamp()),
    left_at = case when $5 then message.left_at end, cost = case when $5 then message.cost else 0 end,
    spent_on = case when $5 then message.spent_on end
  from (select id, settled_at, left_at from campaigns.message where id = $1 for update) as before
  where message.id = before.id
  returning uid, campaign, person, variant, before.left_at as "leftAt", message.settled_at as "settledAt",
    before.settled_at is null as "isFirst"`;

// What did not leave costs nothing.
const REFUND = `
  update campaigns.spent set amount = amount - message.cost::numeric
  from campaigns.message where message.id = $1 and spent.uid = message.uid and spent.day = message.spent_on`;
