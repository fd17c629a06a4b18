import type pg from "pg";
import type { Publication } from "./publication.ts";

/** The part of PostgreSQL's client that the ledger needs. */
export type Queryable = Pick<pg.Pool, "query">;

/** The table of changes of this environment. */
export interface Ledger {
  /** Records a publication; one that is there already is left as it is. */
  record(publication: Publication): Promise<void>;

  /** When the newest recorded publication of a content type happened; undefined if there is none. */
  newestPublication(model: string): Promise<Date | undefined>;
}

/** The ledger in PostgreSQL (`migrations/0001-ledger.sql`). */
export function postgresLedger(database: Queryable): Ledger {
  return {
    async record(publication) {
      const { id, action, model, locale, slug, documentId, occurredAt } = publication;
      await database.query(
        `insert into ledger.change (id, kind, subject, actor, occurred_at, details)
         values ($1, $2, $3, 'cms', $4, $5)
         on conflict (id) do nothing`,
        [
          id,
          `content.${action}`,
          [model, slug || documentId, locale].filter(Boolean).join("/"),
          occurredAt,
          JSON.stringify(publication),
        ],
      );
    },
    async newestPublication(model) {
      const { rows } = await database.query<{ newest: Date | null }>(
        `select max(occurred_at) as newest from ledger.change
         where kind = 'content.publish' and details->>'model' = $1`,
        [model],
      );
      return rows[0]?.newest ?? undefined;
    },
  };
}
