import type * as pulumi from "@pulumi/pulumi";

/** A secret value, and what decides it. */
export interface SecretValue {
  readonly value: pulumi.Input<string>;

  /** Changes exactly when the value does, and tells nothing of it; empty for what was never changed. */
  readonly revision: string;
}

/** What decides several values, by the names of those that were ever changed: `DATABASE_URL=2 SOURCES=website`. */
export function revisionOf(values: Readonly<Record<string, SecretValue>>): string {
  return Object.entries(values)
    .filter(([, { revision }]) => revision !== "")
    .map(([name, { revision }]) => `${name}=${revision}`)
    .join(" ");
}
