import { readFile } from "node:fs/promises";
import { join } from "node:path";
import { statePath } from "./paths.ts";
import { writeWhole } from "./write-whole.ts";

/** First of the platform's ports where nothing else is said. */
const DEFAULT_PORT_BASE = 17_000;

/** Address of the node where nothing else is said: TEST-NET-1, which no network routes. */
const DEFAULT_NODE_ADDRESS = "192.0.2.10";

/** The platform's processes that listen, in the order of their ports. */
const listeners = [
  "apiserver",
  "etcd",
  "etcdPeer",
  "registry",
  "monitoring",
  "prometheus",
  "kubelet",
  "controllerManager",
  "scheduler",
  "kubeProxyHealth",
  "kubeProxyMetrics",
  "corednsHealth",
  "corednsReady",
  "dns",
  "kubeletHealth",
  "alertmanager",
  "receiver",
  "receiverSmtp",
] as const;

/** Where the platform listens: on loopback, and on one private address that pods can reach too. */
export interface Addresses {
  /** IPv4 address of the node, on the loopback interface. */
  readonly node: string;
  /** TCP port of each listener; `dns` is UDP as well. */
  readonly ports: Readonly<Record<(typeof listeners)[number], number>>;
}

/**
 * The addresses for a first port and a node address.
 *
 * @throws Error if either is malformed.
 */
export function addressesFrom(portBase: number, node: string): Addresses {
  if (!Number.isInteger(portBase) || portBase < 1024 || portBase > 29_900) {
    throw new Error(
      `PLATFORM_PORT_BASE must be a whole number from 1024 to 29900, got ${JSON.stringify(portBase)}`,
    );
  }
  if (!/^(\d{1,3}\.){3}\d{1,3}$/.test(node) || node.split(".").some((part) => Number(part) > 255)) {
    throw new Error(`PLATFORM_NODE_ADDRESS must be an IPv4 address, got ${JSON.stringify(node)}`);
  }
  if (node.startsWith("127.")) {
    throw new Error(
      `PLATFORM_NODE_ADDRESS must not be a loopback address, got ${JSON.stringify(node)}`,
    );
  }
  const ports = Object.fromEntries(listeners.map((name, index) => [name, portBase + index]));
  return { node, ports: ports as Addresses["ports"] };
}

/**
 * The addresses of this machine's platform: from PLATFORM_PORT_BASE and PLATFORM_NODE_ADDRESS, else as last time; the default
 * where what was remembered cannot be read.
 *
 * @throws Error if a variable is malformed.
 */
export async function platformAddresses(
  environment: NodeJS.ProcessEnv = process.env,
): Promise<Addresses> {
  const last = await readFile(rememberedPath, "utf8")
    .then((text) => JSON.parse(text) as { portBase: number; node: string })
    .catch(() => ({ portBase: DEFAULT_PORT_BASE, node: DEFAULT_NODE_ADDRESS }));
  return addressesFrom(
    environment.PLATFORM_PORT_BASE ? Number(environment.PLATFORM_PORT_BASE) : last.portBase,
    environment.PLATFORM_NODE_ADDRESS || last.node,
  );
}

/** Makes {@link platformAddresses} return the same next time, whatever the environment then says nothing about. */
export async function rememberAddresses({ node, ports }: Addresses): Promise<void> {
  await writeWhole(rememberedPath, JSON.stringify({ portBase: ports.apiserver, node }), 0o600);
}

const rememberedPath = join(statePath, "addresses.json");
