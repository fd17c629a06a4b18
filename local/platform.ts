import { chmod, rename, statfs, writeFile } from "node:fs/promises";
import { platformAddresses, rememberAddresses, type Addresses } from "./addresses.ts";
import { kubeconfigPath } from "./cluster/api.ts";
import { bootIsCurrent, markBoot } from "./cluster/boot.ts";
import { uncordon } from "./cluster/drain.ts";
import { kubeconfigFor } from "./cluster/kubeconfig.ts";
import { removeLeftovers } from "./cluster/leftovers.ts";
import { raiseNetwork } from "./cluster/network.ts";
import { applyPlatformObjects } from "./cluster/objects.ts";
import { ensureAuthorities } from "./cluster/pki.ts";
import { apiserverUrl, registryHost, type Plan } from "./cluster/plan.ts";
import { ensureBaseImages, type BaseImages } from "./images/base-images.ts";
import { claimPlatform, platformOwner } from "./ownership.ts";
import { statePath } from "./paths.ts";
import { withPlatformLock } from "./platform-lock.ts";
import {
  readStartedPlan,
  writePlatform,
  writeStartedPlan,
  type Platform,
} from "./platform-record.ts";
import type { Progress } from "./progress.ts";
import { dockerHost } from "./registry/docker.ts";
import { platformServices } from "./services.ts";
import { shutDown } from "./shutdown.ts";
import type { Service } from "./supervisor/service.ts";
import {
  isReady,
  isSupervising,
  processStatuses,
  serviceNames,
  supervise,
  waitUntilReady,
  type ProcessStatus,
} from "./supervisor/supervisor.ts";

export { readPlatform, type Platform } from "./platform-record.ts";
export { purgePlatform, stopPlatform } from "./shutdown.ts";

/** How long the processes may take until all are ready, in seconds. */
const READY_WITHIN = 120;

/** A disk with less space than this, in bytes, is why a start failed. */
const FULL = 100 * 1024 * 1024;

/** The platform as it is now. */
export interface PlatformStatus {
  /** `degraded`: a process is down or does not do its work. */
  readonly state: "running" | "stopped" | "degraded";
  /** Path of the clone that it runs for; absent while it belongs to none. */
  readonly owner?: string;
  /** Its processes, by name; empty when it is stopped. */
  readonly processes: readonly ProcessStatus[];
}

/** How to start the platform. */
export interface StartOptions {
  /** Folder with the binaries that are not Debian's: `kubernetes`, `coredns`, `local-path-provisioner`. */
  readonly toolchain: { readonly bin: string };
  readonly progress: Progress;
  /** Whether Kubernetes is wanted, or just the registry, the Docker engine, Prometheus and the emulator. */
  readonly cluster: boolean;
  /** Whether to take the platform over from another clone that it runs for. */
  readonly takeOver: boolean;
}

/**
 * Starts what of the platform does not run yet, starts again what changed, and waits until all of it works.
 *
 * A platform that was stopped and cannot be started is stopped again; its logs stay.
 *
 * @throws Error if another clone owns it, or a process does not become ready; says which and shows the end of its log.
 */
export async function startPlatform(options: StartOptions): Promise<Platform> {
  return withPlatformLock(async () => {
    const wasRunning = await isSupervising();
    const addresses = await platformAddresses();
    await rememberAddresses(addresses);
    await chmod(statePath, 0o700);
    await claimPlatform({ running: wasRunning, takeOver: options.takeOver });
    try {
      return await options.progress.step("platform", (detail) => start(options, addresses, detail));
    } catch (error) {
      const reason = await withDiskSpace(error as Error);
      if (!wasRunning) await shutDown(options.progress);
      throw reason;
    }
  });
}

/** What the platform does now, each process with its restarts. */
export async function platformStatus(): Promise<PlatformStatus> {
  const owner = await platformOwner();
  const common = owner ? { owner } : {};
  if (!(await isSupervising())) return { ...common, state: "stopped", processes: [] };
  const [processes, services] = await Promise.all([processStatuses(), startedServices()]);
  const ready = await Promise.all(services.map(isReady));
  const works = services.length > 0 && !ready.includes(false);
  return { ...common, state: works ? "running" : "degraded", processes };
}

async function start(
  { toolchain: { bin }, cluster: wanted }: StartOptions,
  addresses: Addresses,
  detail: (text: string) => void,
): Promise<Platform> {
  // A stack on a cluster of its user's own leaves the other stacks' cluster running.
  const cluster = wanted || (await serviceNames()).includes("apiserver");
  if (!(await bootIsCurrent())) await removeLeftovers();
  await markBoot();
  await ensureAuthorities();
  const plan: Plan = { bin, addresses };
  const services = await platformServices(plan, { cluster });
  if (cluster) {
    await raiseNetwork(addresses.node);
    await writeKubeconfig(addresses);
  }
  await writeStartedPlan({ bin, cluster });
  await supervise(services);
  const [baseImages] = await Promise.all([
    makeBaseImages(services, addresses, detail),
    cluster
      ? prepareCluster(plan, services, detail)
      : waitUntilReady(services, READY_WITHIN, detail),
  ]);
  detail("");
  const platform: Platform = {
    version: 1,
    kubeconfig: kubeconfigPath,
    nodeAddress: addresses.node,
    registry: registryHost(addresses),
    dockerHost,
    storageClass: "local-path",
    baseImages,
    monitoring: `http://127.0.0.1:${addresses.ports.monitoring}/`,
    prometheus: `http://127.0.0.1:${addresses.ports.prometheus}/`,
    receiver: `http://127.0.0.1:${addresses.ports.receiver}/`,
    mail: `smtp+plain://${addresses.node}:${addresses.ports.receiverSmtp}`,
  };
  await writePlatform(platform);
  return platform;
}

async function makeBaseImages(
  services: readonly Service[],
  addresses: Addresses,
  detail: (text: string) => void,
): Promise<BaseImages> {
  const engines = services.filter(({ name }) => name === "registry" || name === "docker");
  await waitUntilReady(engines, READY_WITHIN, () => undefined);
  return ensureBaseImages(registryHost(addresses), (image) => detail(`making ${image}`));
}

async function prepareCluster(
  plan: Plan,
  services: readonly Service[],
  detail: (text: string) => void,
): Promise<void> {
  // CoreDNS and the provisioner are not ready before their rights are there.
  const apiserver = services.filter(({ name }) => name === "apiserver");
  await waitUntilReady(apiserver, READY_WITHIN, detail);
  await applyPlatformObjects(plan);
  await waitUntilReady(services, READY_WITHIN, detail);
  await uncordon();
}

async function startedServices(): Promise<Service[]> {
  const plan = await readStartedPlan();
  if (!plan) return [];
  const addresses = await platformAddresses({});
  return platformServices({ bin: plan.bin, addresses }, { cluster: plan.cluster });
}

async function writeKubeconfig(addresses: Addresses): Promise<void> {
  const content = await kubeconfigFor(
    apiserverUrl(addresses),
    "marketing-stack-admin",
    "system:masters",
  );
  await writeFile(`${kubeconfigPath}.new`, content, { mode: 0o600 });
  await rename(`${kubeconfigPath}.new`, kubeconfigPath);
}

/** `error`, or what caused it where that is a full disk. */
async function withDiskSpace(error: Error): Promise<Error> {
  const { bsize, bavail } = await statfs(statePath);
  if (bsize * bavail > FULL) return error;
  const found = `${Math.round((bsize * bavail) / 1024 / 1024)} MiB`;
  return new Error(
    `the disk of ${statePath} must have space, found ${found} free; free some and run the command again (${error.message})`,
  );
}
