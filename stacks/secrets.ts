import { cmsSecrets } from "../infra/cms-secrets.ts";
import { mailKeySpec, writeKeySpec } from "../infra/collector.ts";
import { databaseSecrets } from "../infra/database-logins.ts";
import type { SecretSpec } from "../infra/generated-secret.ts";

/** All secrets that a stack with these sources generates, by name. */
export function generatedSecrets(sources: readonly string[]): Readonly<Record<string, SecretSpec>> {
  return {
    ...named("cms", cmsSecrets),
    ...named("collector", {
      ...Object.fromEntries(sources.map((source) => [source, writeKeySpec(source)])),
      mail: mailKeySpec,
    }),
    ...named("database", databaseSecrets),
  };
}

function named(component: string, specs: Readonly<Record<string, SecretSpec>>) {
  return Object.fromEntries(
    Object.entries(specs).map(([end, spec]) => [`${component}-${end}`, spec]),
  );
}
