import { readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import pg from "pg";
import { startPostgres } from "../../postgres.ts";

const SERVICES = join(import.meta.dirname, "../../../services");

/** A throwaway PostgreSQL with the worker's login, and everything of the stack that it reads and writes. */
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
  await admin.query(
    "CREATE ROLE worker LOGIN; CREATE ROLE reader LOGIN; CREATE ROLE collector LOGIN",
  );
  await admin.query(
    "CREATE SCHEMA jobs AUTHORIZATION worker; CREATE SCHEMA profiles AUTHORIZATION worker",
  );
  await admin.query("CREATE SCHEMA events; GRANT USAGE ON SCHEMA events TO worker");
  await admin.query("ALTER DEFAULT PRIVILEGES IN SCHEMA events GRANT SELECT ON TABLES TO worker");
  await admin.query("REVOKE TEMPORARY ON DATABASE postgres FROM PUBLIC");
  const migrations = ["collector", "worker"].flatMap((service) => {
    const folder = join(SERVICES, service, "migrations");
    return readdirSync(folder)
      .sort()
      .map((file) => join(folder, file));
  });
  for (const file of [...migrations, ...migrations]) {
    await admin.query(readFileSync(file, "utf8"));
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

/** One for the tests of a file. */
export interface SharedDatabase extends Omit<WorkerDatabase, "stop"> {
  /** Connections as login `worker`. */
  readonly pool: pg.Pool;
}

/** Starts one before the tests of a file, and ends it after them. */
export function workerDatabase(): SharedDatabase {
  let database: WorkerDatabase;
  let pool: pg.Pool;
  beforeAll(async () => {
    database = await startWorkerDatabase();
    pool = new pg.Pool({ connectionString: database.url, max: 10 });
    // Its connections end with the server.
    pool.on("error", () => undefined);
  }, 60_000);
  afterAll(async () => {
    await pool.end();
    await database.stop();
  });
  return {
    get url() {
      return database.url;
    },
    get admin() {
      return database.admin;
    },
    get pool() {
      return pool;
    },
    restart: (whileDown) => database.restart(whileDown),
  };
}
