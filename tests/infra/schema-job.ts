import { execFile } from "node:child_process";
import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { promisify } from "node:util";
import { DatabaseSchema } from "../../infra/database-schema.ts";
import { readMigrations } from "../../stacks/migrations.ts";
import { registrationsOf } from "../mocks.ts";
import type { Postgres } from "../postgres.ts";

/** What the container of `DatabaseSchema`'s Job runs, against a server of the tests' own. */
export interface SchemaJob {
  /**
   * Runs it with an environment such as the Secret's, and returns what it prints.
   *
   * @throws Error if it fails.
   */
  run(passwords: Readonly<Record<string, string>>): Promise<string>;
  remove(): void;
}

/** Writes the Job's scripts, with all of the services' migrations, into a folder of their own. */
export async function schemaJob(postgres: Postgres): Promise<SchemaJob> {
  const folder = mkdtempSync(join(tmpdir(), "schema-job-"));
  const registrations = await registrationsOf(
    () =>
      new DatabaseSchema("database-schema", {
        namespace: "dev",
        image: "registry/postgres",
        host: "database",
        secretName: "database",
        secretRevision: "",
        migrations: readMigrations(["collector", "worker"]),
      }),
  );
  const { inputs } = registrations.find(({ path }) => path.includes("ConfigMap"))!;
  for (const [name, text] of Object.entries(inputs.data as Record<string, string>)) {
    writeFileSync(join(folder, name), text.replaceAll("/sql/", `${folder}/`));
  }
  return {
    run: async (passwords) => {
      // As in a container there is no terminal, from which psql would read passwords.
      const command = ["--wait", "bash", join(folder, "run.sh")];
      const { stdout, stderr } = await promisify(execFile)("setsid", command, {
        env: {
          ...passwords,
          PATH: process.env.PATH,
          PGHOST: new URL(postgres.url).searchParams.get("host")!,
        },
      });
      return stdout + stderr;
    },
    remove: () => rmSync(folder, { recursive: true, force: true }),
  };
}
