import type pg from "pg";
import { insertLedgerRow } from "./ledger-row.ts";
import { uuidOf, type Publication } from "./publication.ts";
import type { DueChange } from "./schedule.ts";
import { inTransaction, type Transaction } from "./transaction.ts";

/** The table of changes of this environment. */
export interface Ledger {
  /**
   * Records a publication; one that is there already is left as it is.
   *
   * @param whenNew what has to happen once for each recorded publication, in the same transaction.
   * @returns whether it is new.
   */
  record(
    publication: Publication,
    whenNew: (transaction: Transaction) => Promise<void>,
  ): Promise<boolean>;

  /**
   * Records, once for each time at which something was scheduled, that it was not done then (`content.late`) or that the CMS refuses
   * to do it (`content.refused`).
   *
   * @param details what else is known.
   */
  recordScheduled(
    kind: "content.late" | "content.refused",
    change: DueChange,
    details: object,
  ): Promise<void>;
}

/** The ledger in PostgreSQL. */
export function postgresLedger(pool: pg.Pool): Ledger {
  return {
    record: (publication, whenNew) =>
      inTransaction(pool, async (transaction) => {
        const { id, action, model, locale, slug, documentId, occurredAt } = publication;
        const isNew = await insertLedgerRow(transaction, {
          id,
          kind: `content.${action}`,
          subject: [model, slug || documentId, locale].filter(Boolean).join("/"),
          actor: "cms",
          occurredAt,
          details: publication,
        });
        if (isNew) await whenNew(transaction);
        return isNew;
      }),
    async recordScheduled(kind, change, details) {
      const { action, model, documentId, locale, slug, at } = change;
      await insertLedgerRow(pool, {
        id: uuidOf([kind, action, model, documentId, locale, at].join("\n")),
        kind,
        subject: [model, slug || documentId, locale].join("/"),
        actor: "worker",
        details: { action, model, documentId, locale, slug, at, ...details },
      });
    },
  };
}
