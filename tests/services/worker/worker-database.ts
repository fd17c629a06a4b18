import { readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import pg from "pg";
import { startPostgres } from "../../postgres.ts";

const MIGRATIONS = join(import.meta.dirname, "../../../services/worker/migrations");

/** A throwaway PostgreSQL with the worker's login, schema of jobs and ledger. */
export interface WorkerDatabase {
  /** URL as login `worker`. */
  readonly url: string;
  /** Connections as superuser. */
  readonly admin: pg.Pool;
  /** Ends it as a crash does, runs `whileDown`, and starts it on the same data. */
  restart(whileDown?: () => Promise<void>): Promise<void>;
  stop(): Promise<void>;
}

/** Starts one, migrated twice as the stack does it. */
export async function startWorkerDatabase(): Promise<WorkerDatabase> {
  const postgres = await startPostgres();
  const admin = new pg.Pool({ connectionString: postgres.url, max: 4 });
  // Its connections end with the server.
  admin.on("error", () => undefined);
  await admin.query("CREATE ROLE worker LOGIN; CREATE ROLE reader LOGIN");
  await admin.query("CREATE SCHEMA jobs AUTHORIZATION worker");
  const migrations = readdirSync(MIGRATIONS).sort();
  for (const file of [...migrations, ...migrations]) {
    await admin.query(readFileSync(join(MIGRATIONS, file), "utf8"));
  }
  return {
    url: postgres.url.replace("//postgres@", "//worker@"),
    admin,
    restart: (whileDown) => postgres.restart(whileDown),
    stop: async () => {
      await admin.end();
      await postgres.stop();
    },
  };
}
