import { existsSync, readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";

/** Migrations by service: names of files, in order. */
export type Migrations = Readonly<Record<string, readonly string[]>>;

/**
 * SQL of the services' tables, by `<service>-<file>`; each file may run any number of times.
 *
 * @param before what ran already, while pods that rely on it still run: a migration that contracts and is not among them is
 *   left out. @default - no such pods run
 * @throws Error if a service has none.
 */
export function readMigrations(
  services: readonly string[],
  before?: Migrations,
): Record<string, string> {
  return Object.fromEntries(
    services.flatMap((service) =>
      migrationsOf(service)
        .filter(([file]) => !before || !isContract(file) || before[service]?.includes(file))
        .map(([file, sql]) => [`${service}-${file}`, sql]),
    ),
  );
}

/** Whether a migration takes away what older versions of the services use. */
export function isContract(file: string): boolean {
  return file.endsWith(".contract.sql");
}

function migrationsOf(service: string): [string, string][] {
  const folder = join("services", service, "migrations");
  const files = existsSync(folder)
    ? readdirSync(folder).filter((file) => file.endsWith(".sql"))
    : [];
  if (files.length === 0) {
    throw new Error(`${folder} must hold at least one .sql file, got none`);
  }
  return files.map((file) => [file, readFileSync(join(folder, file), "utf8")]);
}
