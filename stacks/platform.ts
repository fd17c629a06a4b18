import { existsSync, readFileSync } from "node:fs";
import { homedir } from "node:os";
import { join } from "node:path";
import * as docker from "@pulumi/docker";
import * as gcp from "@pulumi/gcp";
import * as k8s from "@pulumi/kubernetes";
import * as pulumi from "@pulumi/pulumi";
import { parse } from "yaml";
import type { StackConfig } from "./config.ts";

/** What an environment stands on. */
export interface Platform {
  /** Providers of all resources, by package: pass them as `providers`. */
  readonly providers: { kubernetes: k8s.Provider; docker: docker.Provider; gcp: gcp.Provider };
  /** Registry that the cluster pulls from. */
  readonly registry: string;
  /** Images that ours start from. */
  readonly baseImages: { readonly node: string; readonly postgres: string };
  /** Cloud Monitoring endpoint. */
  readonly monitoring: string;
}

/** What `npm run up` leaves in `platform.json` (local/platform.ts). */
interface LocalPlatform {
  readonly kubeconfig: string;
  readonly registry: string;
  readonly dockerHost: string;
  readonly baseImages: { readonly node: string; readonly postgres: string };
  readonly monitoring: string;
}

/**
 * The platform that the configuration asks for: the embedded cluster of this machine, or one of the user's own.
 *
 * An exported `KUBECONFIG` is never used: nobody deploys to a cluster by accident.
 *
 * @throws Error if the local platform was never started, or the kubeconfig cannot be read.
 */
export function platformOf(config: StackConfig): Platform {
  const local = readLocalPlatform();
  const isOwn = config.platform === "kubeconfig";
  const registry = isOwn ? config.registry : local.registry;
  const kubeconfig = readKubeconfig(isOwn ? config.kubeconfig : local.kubeconfig);
  return {
    providers: {
      // It holds an administrator's key, and the provider does not treat it as a secret by itself.
      kubernetes: new k8s.Provider("kubernetes", { kubeconfig: pulumi.secret(kubeconfig) }),
      docker: new docker.Provider("docker", {
        host: local.dockerHost,
        registryAuth: [registryAuth(registry)],
      }),
      // The emulator asks for no credentials; the project is set on each resource, which keeps the provider offline.
      gcp: new gcp.Provider("gcp", {
        accessToken: "none",
        monitoringCustomEndpoint: local.monitoring,
        // No service of Google's has a name there: what is not redirected to the emulator cannot be reached.
        universeDomain: "emulator.invalid",
      }),
    },
    registry,
    baseImages: {
      node: config.nodeImage || (isOwn ? "node:24-bookworm-slim" : local.baseImages.node),
      postgres:
        config.postgresImage || (isOwn ? "postgres:15-bookworm" : local.baseImages.postgres),
    },
    monitoring: local.monitoring.replace(/\/$/, ""),
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

function readLocalPlatform(): LocalPlatform {
  const state = process.env.XDG_STATE_HOME || join(homedir(), ".local", "state");
  const path = join(state, "marketing-stack", "platform.json");
  if (!existsSync(path)) {
    throw new Error(
      `the platform of this machine must be running, found no ${path}; run npm run up`,
    );
  }
  return JSON.parse(readFileSync(path, "utf8")) as LocalPlatform;
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
