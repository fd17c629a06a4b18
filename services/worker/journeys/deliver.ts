import { setTimeout } from "node:timers/promises";
import type pg from "pg";
import { isOutboundAllowed } from "../campaigns/outbound.ts";
import { deadLetter, drop, ok, type Outcome as TaskOutcome } from "../outcome.ts";
import { inTransaction, type Transaction } from "../transaction.ts";
import type { Channel, Effect, Outcome } from "./channel.ts";
import { claim, type Claimed, type FindChannel } from "./claim.ts";
import { permit } from "./permit.ts";
import { noRest } from "./rest.ts";
import { endOf, isHeldBy, postpone, settle } from "./settle.ts";

/** How often a message is tried before somebody has to look; with its waits, for about two hours. */
const MOST_TRIES = 30;

/** The longest wait between two tries, in seconds, where the other side does not say how long. */
const MOST_WAIT = 300;

/** Seconds before the other side is asked what became of a message: it may still be at it. */
const BEFORE_ASKING = 60;

/** Waits between tries to write down what became of a message, in milliseconds: until then it is known here alone. */
const WRITING = [100, 500, 1000, 2000, 4000, 8000];

/** Sends messages by the ways out that there are. */
export interface Courier {
  /**
   * Has a message leave, once, if it may at this moment, and writes down what became of it. Throws only while the database is
   * away.
   */
  deliver(message: string): Promise<TaskOutcome>;
}

/** A courier. */
export function courier(pool: pg.Pool, find: FindChannel): Courier {
  const rest = noRest();
  return {
    async deliver(id) {
      const since = performance.now();
      const claimed = await inTransaction(pool, (transaction) =>
        claim(transaction, id, { find, rest, mostTries: MOST_TRIES }),
      );
      if (claimed.kind === "nothing") return drop(claimed.reason);
      const found = await tried(pool, claimed, since);
      const { channel, effect } = claimed;
      if ((found.kind === "later" || found.kind === "unknown") && found.retryAfterSeconds) {
        rest.ask(effect.channel, found.retryAfterSeconds);
      }
      // This try did not happen; one before it may have.
      const isOpen = found.kind === "later" && claimed.kind === "send" && claimed.leftAt;
      const outcome: Outcome = isOpen ? { ...found, kind: "unknown" } : found;
      return written(() =>
        inTransaction(pool, (transaction) =>
          conclude(transaction, { id, claim: claimed.claim, channel, outcome }),
        ),
      );
    },
  };
}

/** What came of sending or asking. */
async function tried(
  pool: pg.Pool,
  { kind, channel, effect, leftAt }: Exclude<Claimed, { kind: "nothing" }>,
  since: number,
): Promise<Outcome> {
  const { signal, end } = permit(since, () => isOutboundAllowed(pool, effect.campaign));
  const whole: Effect = { ...effect, signal };
  try {
    return kind === "ask" ? await channel.ask!(whole, leftAt!) : await channel.send(whole);
  } catch (error) {
    return { kind: "unknown", reason: `the channel failed: ${(error as Error).name}` };
  } finally {
    end();
  }
}

/** Writes down what became of a message, unless another worker took it over. */
async function conclude(
  transaction: Transaction,
  {
    id,
    claim: token,
    channel,
    outcome,
  }: {
    readonly id: string;
    readonly claim: string;
    readonly channel: Channel;
    readonly outcome: Outcome;
  },
): Promise<TaskOutcome> {
  const { isMine, tries } = await isHeldBy(transaction, id, token);
  if (!isMine) return drop("another worker took it over");
  const isLast = tries >= MOST_TRIES;
  const isOpen = outcome.kind === "later" || outcome.kind === "unknown";
  const canBeKnown = outcome.kind === "later" || channel.isKeyed || channel.ask !== undefined;
  if (!isOpen || isLast || !canBeKnown) {
    await settle(transaction, id, endOf(outcome));
    return isOpen && isLast ? deadLetter(outcome.reason) : ok;
  }
  if (outcome.kind === "later") {
    const seconds = outcome.retryAfterSeconds ?? waitAfter(tries);
    await postpone(transaction, id, "queued", { reason: outcome.reason, seconds });
  } else {
    const seconds =
      outcome.retryAfterSeconds ?? (channel.isKeyed ? waitAfter(tries) : BEFORE_ASKING);
    await postpone(transaction, id, "unknown", { reason: outcome.reason, seconds });
  }
  return ok;
}

function waitAfter(tries: number): number {
  return Math.min(2 ** tries, MOST_WAIT);
}

/** Tries again what writes into the database, which may be away for a moment. */
async function written<T>(write: () => Promise<T>): Promise<T> {
  for (const wait of WRITING) {
    try {
      return await write();
    } catch {
      await setTimeout(wait);
    }
  }
  return write();
}
