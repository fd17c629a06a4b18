import { mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import * as pulumi from "@pulumi/pulumi";
import { parse } from "yaml";
import { dev } from "../../stacks/dev.ts";
import { registrationsOf, type Registration } from "../mocks.ts";

/** What dev registers with the defaults of Pulumi.yaml, changed by `config`, on a platform that is not there. */
export async function registrationsOfDev(
  config: Readonly<Record<string, unknown>> = {},
  program: () => unknown = dev,
): Promise<Registration[]> {
  const state = mkdtempSync(join(tmpdir(), "dev-program-"));
  const former = process.env.XDG_STATE_HOME;
  process.env.XDG_STATE_HOME = state;
  try {
    writePlatform(join(state, "marketing-stack"));
    configure(config);
    return await registrationsOf(program);
  } finally {
    if (former === undefined) delete process.env.XDG_STATE_HOME;
    else process.env.XDG_STATE_HOME = former;
    rmSync(state, { recursive: true, force: true });
  }
}

/** Sets the stack's configuration: Pulumi.yaml's defaults, changed by `config`. */
export function configure(config: Readonly<Record<string, unknown>> = {}): void {
  const project = parse(readFileSync("Pulumi.yaml", "utf8")) as {
    config: Record<string, { default: unknown }>;
  };
  const defaults = Object.entries(project.config).map(([key, { default: value }]) => [key, value]);
  const all = { ...Object.fromEntries(defaults), ...config } as Record<string, unknown>;
  pulumi.runtime.setAllConfig(
    Object.fromEntries(
      Object.entries(all).map(([key, value]) => [
        `marketing-stack:${key}`,
        typeof value === "string" ? value : JSON.stringify(value),
      ]),
    ),
  );
}

/** Answers of a platform that is not there: the program only passes them on. */
function writePlatform(folder: string): void {
  mkdirSync(folder, { recursive: true });
  const kubeconfig = join(folder, "kubeconfig");
  writeFileSync(kubeconfig, "clusters: []\ncontexts: []\nusers: []\n");
  const platform = {
    kubeconfig,
    nodeAddress: "192.0.2.10",
    registry: "127.0.0.1:17003",
    dockerHost: "unix:///run/docker.sock",
    baseImages: {
      node: "node",
      postgres: `127.0.0.1:17003/library/postgres:15-bookworm@sha256:${"0".repeat(64)}`,
    },
    monitoring: "http://127.0.0.1:17004/",
    mail: "smtp+plain://192.0.2.10:17017",
  };
  writeFileSync(join(folder, "platform.json"), JSON.stringify(platform));
}
