import { existsSync, readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";

/**
 * SQL of the services' tables, by `<service>-<file>`; each file may run any number of times.
 *
 * @throws Error if a service has none.
 */
export function readMigrations(services: readonly string[]): Record<string, string> {
  return Object.fromEntries(services.flatMap(migrationsOf));
}

function migrationsOf(service: string): [string, string][] {
  const folder = join("services", service, "migrations");
  const files = existsSync(folder)
    ? readdirSync(folder).filter((file) => file.endsWith(".sql"))
    : [];
  if (files.length === 0) {
    throw new Error(`${folder} must hold at least one .sql file, got none`);
  }
  return files.map((file) => [`${service}-${file}`, readFileSync(join(folder, file), "utf8")]);
}
