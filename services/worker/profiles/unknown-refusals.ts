import type pg from "pg";
import { inTransaction } from "../transaction.ts";
import { areProfilesBehind } from "./behind.ts";

/**
 * Forgets who refused analytics more than 30 days ago and is in no profile: of visitors who only ever refused nothing is to stay.
 * Nobody while the profiles are behind the event log, by which more people may be known.
 *
 * @returns how many.
 */
export function forgetUnknownRefusals(pool: pg.Pool): Promise<number> {
  return inTransaction(pool, async (transaction) => {
    // Whoever makes the profiles anew has it first.
    await transaction.query("select from profiles.progress for share");
    if (await areProfilesBehind(transaction)) return 0;
    const { rows } = await transaction.query<{ gone: string }>(
      "select events.forget_unknown_refusals() as gone",
    );
    return Number(rows[0]!.gone);
  });
}
