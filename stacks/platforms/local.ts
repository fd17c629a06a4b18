import { existsSync, readFileSync } from "node:fs";
import { homedir } from "node:os";
import { join } from "node:path";
import * as docker from "@pulumi/docker";
import * as gcp from "@pulumi/gcp";
import * as k8s from "@pulumi/kubernetes";
import * as pulumi from "@pulumi/pulumi";
import { parse } from "yaml";
import { CampaignDefinition } from "../../infra/campaign-definition.ts";
import { Database } from "../../infra/database.ts";
import { campaignDefinition } from "../campaigns/schema.ts";
import type { StackConfig } from "../config.ts";
import { stackPorts } from "../stack-ports.ts";
import { machineOutsiders, ownClusterOutsiders } from "./outsiders.ts";
import type { BuildingPlatform, DatabaseOptions, DatabaseServer } from "./platform.ts";

/** What `npm run up` leaves in `platform.json` (local/platform.ts). */
interface Machine {
  readonly kubeconfig: string;
  readonly nodeAddress: string;
  readonly registry: string;
  readonly dockerHost: string;
  readonly baseImages: { readonly node: string; readonly postgres: string };
  readonly monitoring: string;
  /** URL of the server that keeps mails; a platform of before has none. */
  readonly mail?: string;
}

/**
 * This machine's own platform: its embedded cluster, or with `platform: kubeconfig` one of the user's own; PostgreSQL as
 * a StatefulSet, and alerts in the emulator.
 *
 * An exported `KUBECONFIG` is never used: nobody deploys to a cluster by accident.
 *
 * @throws Error if the platform of this machine was never started, or the kubeconfig cannot be read.
 */
export function localPlatform(config: StackConfig): BuildingPlatform {
  const machine = readMachine();
  const isOwn = config.platform === "kubeconfig";
  const registry = isOwn ? config.registry : machine.registry;
  const kubeconfig = readKubeconfig(isOwn ? config.kubeconfig : machine.kubeconfig);
  const providers = {
    kubernetes: new k8s.Provider("kubernetes", {
      // It holds an administrator's key, and the provider does not treat it as a secret by itself.
      kubeconfig: pulumi.secret(kubeconfig),
      // Else a changed Secret is deleted first: pods that start meanwhile would have none.
      enableSecretMutable: true,
    }),
    // The emulator asks for no credentials; the project is set on each resource, which keeps the provider offline.
    gcp: new gcp.Provider("gcp", {
      accessToken: "none",
      monitoringCustomEndpoint: machine.monitoring,
      // No service of Google's has a name there: what is not redirected to the emulator cannot be reached.
      universeDomain: "emulator.invalid",
    }),
  };
  const ports = stackPorts(config.portBase);
  const placement = (nodePort: number) => ({ url: `http://127.0.0.1:${nodePort}`, nodePort });
  return {
    providers,
    registry,
    nodeImage: config.nodeImage || (isOwn ? "node:24-bookworm-slim" : machine.baseImages.node),
    postgresImage:
      config.postgresImage || (isOwn ? "postgres:15-bookworm" : machine.baseImages.postgres),
    builder: () =>
      new docker.Provider("docker", {
        host: machine.dockerHost,
        registryAuth: [registryAuth(registry)],
      }),
    project: `marketing-stack-${pulumi.getStack()}`,
    monitoring: machine.monitoring.replace(/\/$/, ""),
    placements: {
      cms: placement(ports.cms),
      collector: placement(ports.collector),
      worker: placement(ports.worker),
    },
    ...(!isOwn && machine.mail && { inbox: machine.mail }),
    // The cluster of this machine knows them since it was started.
    defineCampaigns: () =>
      isOwn
        ? [
            new CampaignDefinition(
              "campaign-definition",
              { definition: campaignDefinition() },
              { providers },
            ),
          ]
        : [],
    outsiders: isOwn ? ownClusterOutsiders : machineOutsiders(machine.nodeAddress),
    database: (args, opts) => databaseServer({ ...args, nodePort: ports.database }, opts),
    // Node ports and the credentials file are all that one machine needs.
    serve: () => ({ nameServers: null }),
  };
}

function databaseServer(
  args: DatabaseOptions & { readonly nodePort: number },
  opts: pulumi.ComponentResourceOptions,
): DatabaseServer {
  const database = new Database("database", args, opts);
  const outside = `127.0.0.1:${args.nodePort}`;
  return {
    resource: database,
    host: database.host,
    secretName: database.secretName,
    secretRevision: database.secretRevision,
    readerUrl: database.url("reader", "marketing", outside).value,
    ledgerUrl: database.url("worker", "marketing", outside).value,
    eventLogUrl: database.url("collector", "marketing", outside).value,
    url: (role, name) => database.url(role, name),
  };
}

/** A registry on loopback asks for nothing; for another one the login is what `docker login` left. */
function registryAuth(registry: string): docker.types.input.ProviderRegistryAuth {
  if (/^(127\.\d+\.\d+\.\d+|localhost)(:|\/|$)/.test(registry)) {
    return { address: `http://${registry}`, authDisabled: true };
  }
  const folder = process.env.DOCKER_CONFIG || join(homedir(), ".docker");
  return { address: registry.split("/")[0]!, configFile: join(folder, "config.json") };
}

function readMachine(): Machine {
  const state = process.env.XDG_STATE_HOME || join(homedir(), ".local", "state");
  const path = join(state, "marketing-stack", "platform.json");
  if (!existsSync(path)) {
    throw new Error(
      `the platform of this machine must be running, found no ${path}; run npm run up`,
    );
  }
  return JSON.parse(readFileSync(path, "utf8")) as Machine;
}

function readKubeconfig(path: string): string {
  const problem = (found: string): Error =>
    new Error(
      `kubeconfig must be a file with clusters, contexts and users, got ${found}; check marketing-stack:kubeconfig`,
    );
  if (!existsSync(path)) throw problem(`no file at ${path}`);
  const text = readFileSync(path, "utf8");
  let content: unknown;
  try {
    content = parse(text);
  } catch {
    throw problem(`something that is no YAML at ${path}`);
  }
  const { clusters, contexts, users } = (content ?? {}) as Record<string, unknown>;
  if (![clusters, contexts, users].every(Array.isArray)) throw problem(`none of them at ${path}`);
  return text;
}
