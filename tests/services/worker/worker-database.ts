import { readFileSync } from "node:fs";
import { join } from "node:path";
import pg from "pg";
import { startPostgres } from "../../postgres.ts";

const MIGRATION = join(import.meta.dirname, "../../../services/worker/migrations/0001-ledger.sql");

/** A throwaway PostgreSQL with the worker's login, schema of jobs and ledger. */
export interface WorkerDatabase {
  /** URL as login `worker`. */
  readonly url: string;
  /** Connections as superuser. */
  readonly admin: pg.Pool;
  stop(): Promise<void>;
}

/** Starts one, migrated as the stack does it. */
export async function startWorkerDatabase(): Promise<WorkerDatabase> {
  const postgres = await startPostgres();
  const admin = new pg.Pool({ connectionString: postgres.url, max: 4 });
  // Its connections end with the server.
  admin.on("error", () => undefined);
  await admin.query("CREATE ROLE worker LOGIN; CREATE ROLE reader LOGIN");
  await admin.query("CREATE SCHEMA jobs AUTHORIZATION worker");
  await admin.query(readFileSync(MIGRATION, "utf8"));
  return {
    url: postgres.url.replace("//postgres@", "//worker@"),
    admin,
    stop: async () => {
      await admin.end();
      await postgres.stop();
    },
  };
}
