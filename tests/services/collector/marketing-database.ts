import { readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";

import pg from "pg";

import { startPostgres } from "../../postgres.ts";
import type { Postgres } from "../../postgres.ts";

const MIGRATIONS = join(import.meta.dirname, "../../../services/collector/migrations");

/** A throwaway PostgreSQL with the collector's tables. */
export interface MarketingDatabase extends Pick<Postgres, "restart" | "freeze"> {
  /** URL as login `collector`. */
  readonly url: string;
  /** Connections as superuser. */
  readonly admin: pg.Pool;
  stop(): Promise<void>;
}

/** Starts one, migrated as the stack does it. */
export async function startMarketingDatabase(): Promise<MarketingDatabase> {
  const postgres = await startPostgres();
  const admin = new pg.Pool({ connectionString: postgres.url, max: 4 });
  // Its connections end with the server.
  admin.on("error", () => undefined);
  await admin.query("CREATE ROLE collector LOGIN; CREATE ROLE reader LOGIN");
  await migrate(admin);
  return {
    url: postgres.url.replace("//postgres@", "//collector@"),
    admin,
    restart: postgres.restart,
    freeze: postgres.freeze,
    stop: async () => {
      await admin.end();
      await postgres.stop();
    },
  };
}

/** Runs the collector's migrations. */
export async function migrate(admin: pg.Pool): Promise<void> {
  for (const file of readdirSync(MIGRATIONS).sort()) {
    await admin.query(readFileSync(join(MIGRATIONS, file), "utf8"));
  }
}
