import { readFileSync } from "node:fs";
import { parse } from "yaml";
import { prod, type Released } from "../../stacks/prod.ts";
import type { Release } from "../../stacks/releases.ts";
import { registrationsOf, type Registration, type RegistrationRequest } from "../mocks.ts";
import { configure } from "./dev-program.ts";

/** A release that nobody sealed. */
export const release: Release = {
  version: 1,
  images: {
    cms: `marketing-stack/cms@sha256:${"a".repeat(64)}`,
    collector: `marketing-stack/collector@sha256:${"b".repeat(64)}`,
    worker: `marketing-stack/worker@sha256:${"c".repeat(64)}`,
    postgres: `library/postgres@sha256:${"0".repeat(64)}`,
  },
  content: null,
  campaigns: null,
  alerts: `sha256:${"d".repeat(64)}`,
  configSchema: `sha256:${"e".repeat(64)}`,
  migrations: {
    collector: ["0001-events.sql"],
    worker: ["0001-ledger.sql", "0002-watermark.sql"],
  },
  commit: "f".repeat(40),
};

/** What prod registers with its committed configuration, running `running`. */
export function registrationsOfProd(
  running: Release | undefined,
  rollout?: Released["rollout"],
  onRequest?: (request: RegistrationRequest) => void,
): Promise<Registration[]> {
  const { config } = parse(readFileSync("Pulumi.prod.yaml", "utf8")) as {
    config: Record<string, unknown>;
  };
  const entries = Object.entries(config).filter(([key]) => key.startsWith("marketing-stack:"));
  configure(
    Object.fromEntries(
      entries.map(([key, value]) => [key.slice("marketing-stack:".length), value]),
    ),
  );
  return registrationsOf(
    () => prod(running && { release: running, ...(rollout && { rollout }) }),
    "prod",
    onRequest,
  );
}
