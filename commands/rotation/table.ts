import type { SecretSpec } from "../../infra/generated-secret.ts";
import type { DeployedSecret } from "./deployed.ts";

/** What `npm run rotate` lists: each secret, when it was last changed, and what it is for. Shows no value. */
export function secretsTable(
  secrets: Readonly<Record<string, SecretSpec>>,
  deployed: Readonly<Record<string, DeployedSecret>>,
): string {
  const rows = Object.entries(secrets).map(([name, { purpose, handedOut }]) => {
    const { generations = [], changedAt } = deployed[name] ?? {};
    const both = generations.length > 1;
    const state = both && handedOut ? "; the former one is valid until --retire" : "";
    return [name, changedAt?.toISOString().slice(0, 10) ?? "-", `${purpose}${state}`];
  });
  const header = ["SECRET", "CHANGED", "WHAT IT DOES"];
  const widths = [0, 1].map((column) =>
    Math.max(...[header, ...rows].map((row) => row[column]!.length)),
  );
  return [header, ...rows]
    .map(([name, changed, purpose]) =>
      [name!.padEnd(widths[0]!), changed!.padEnd(widths[1]!), purpose].join("  "),
    )
    .join("\n");
}
