import { join } from "node:path";
import type { Addresses } from "../addresses.ts";
import { statePath } from "../paths.ts";

/** What the definitions of the platform's processes depend on. */
export interface Plan {
  /** Absolute path of the folder with `kubernetes`, `coredns` and `local-path-provisioner`. */
  readonly bin: string;
  readonly addresses: Addresses;
}

/** Addresses of pods. */
export const podNetwork = "10.244.0.0/16";

/** Addresses of Services. */
export const serviceNetwork = "10.96.0.0/16";

/** First address of {@link serviceNetwork}: the API server, as pods see it. */
export const apiserverServiceAddress = "10.96.0.1";

/** The Service that answers DNS, as pods see it. */
export const dnsServiceAddress = "10.96.0.10";

/** Domain of Services. */
export const clusterDomain = "cluster.local";

/** Name of the one node; the machine's own may change, and volumes are bound to it. */
export const nodeName = "local";

/** Ports of NodePort Services, bound on 127.0.0.0/8. */
export const nodePorts = { first: 30_000, last: 32_767 } as const;

/** Sockets, mounts and what else is void after a power-off. */
export const runPath = join(statePath, "run");

/** Socket of the platform's containerd. */
export const containerdSocket = join(runPath, "containerd.sock");

/** URL of the API server. */
export function apiserverUrl({ node, ports }: Addresses): string {
  return `https://${node}:${ports.apiserver}`;
}

/** URL of the registry, as this machine and containerd see it, without scheme. */
export function registryHost({ ports }: Addresses): string {
  return `127.0.0.1:${ports.registry}`;
}
