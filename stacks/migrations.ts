import { existsSync, readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";

/** SQL of the services' tables, by `<service>-<file>`; each file may run any number of times. */
export function readMigrations(services: readonly string[]): Record<string, string> {
  const files = services.flatMap((service) => {
    const folder = join("services", service, "migrations");
    if (!existsSync(folder)) return [];
    return readdirSync(folder)
      .filter((file) => file.endsWith(".sql"))
      .map((file) => [`${service}-${file}`, readFileSync(join(folder, file), "utf8")] as const);
  });
  return Object.fromEntries(files);
}
