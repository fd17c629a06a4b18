import type pg from "pg";

/** A deploy of one service, as the ledger tells of it. */
export interface Deployment {
  readonly environment: string;
  readonly service: string;
  readonly outcome: "succeeded" | "failed";
  /** From the commit to the end of the deploy, in seconds; null where no release was deployed. */
  readonly leadTimeSeconds: number | null;
}

/** Every deploy in the ledger (`migrations/0004-deployments.sql`). */
export async function readDeployments(pool: Pick<pg.Pool, "query">): Promise<Deployment[]> {
  const { rows } = await pool.query<Deployment>(
    `select environment, service, outcome, lead_time_seconds as "leadTimeSeconds"
     from ledger.deployment where outcome in ('succeeded', 'failed')`,
  );
  return rows;
}
