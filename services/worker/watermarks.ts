import type pg from "pg";

/** Up to when the worker knows what was published in the CMS, for each content type. */
export interface Watermarks {
  /** undefined if nothing is known yet. */
  read(model: string): Promise<Date | undefined>;

  /** Moves it on; never back, and never past now, where a wrong clock of the CMS could put it. */
  advance(model: string, reached: Date): Promise<void>;
}

/** The watermarks in PostgreSQL (`migrations/0002-watermark.sql`). */
export function postgresWatermarks(pool: Pick<pg.Pool, "query">): Watermarks {
  return {
    async read(model) {
      const { rows } = await pool.query<{ reached: Date }>(
        "select reached from ledger.watermark where model = $1",
        [model],
      );
      return rows[0]?.reached;
    },
    async advance(model, reached) {
      await pool.query(
        `insert into ledger.watermark as known (model, reached) values ($1, least($2, now()))
         on conflict (model) do update set reached = greatest(known.reached, excluded.reached)`,
        [model, reached],
      );
    },
  };
}
