import { readFile, rename, rm, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { platformAddresses, rememberAddresses, type Addresses } from "./addresses.ts";
import { apiserverAnswers, kubeconfigPath } from "./cluster/api.ts";
import { drain, uncordon } from "./cluster/drain.ts";
import { kubeconfigFor } from "./cluster/kubeconfig.ts";
import { removeLeftovers, unmountAll } from "./cluster/leftovers.ts";
import { lowerNetwork, raiseNetwork } from "./cluster/network.ts";
import { applyPlatformObjects } from "./cluster/objects.ts";
import { ensureAuthorities } from "./cluster/pki.ts";
import { apiserverUrl, registryHost, runPath, type Plan } from "./cluster/plan.ts";
import { bootIsCurrent, markBoot } from "./cluster/boot.ts";
import { ensureBaseImages, type BaseImages } from "./images/base-images.ts";
import { claimPlatform, platformOwner, requireOwnership } from "./ownership.ts";
import { statePath } from "./paths.ts";
import type { Progress } from "./progress.ts";
import { dockerHost } from "./registry/docker.ts";
import { platformServices } from "./services.ts";
import type { Service } from "./supervisor/service.ts";
import {
  endService,
  endSupervisor,
  forgetServices,
  isReady,
  isSupervising,
  processStatuses,
  serviceNames,
  supervise,
  waitUntilReady,
  type ProcessStatus,
} from "./supervisor/supervisor.ts";
import { withLock } from "./toolchain/lock.ts";

/** How long the processes may take until all are ready, in seconds. */
const READY_WITHIN = 120;

/** How long a process may take to end before it is killed, in seconds. */
const GRACE = 15;

/** What a stack finds on the platform of this machine; the content of `platform.json`. */
export interface Platform {
  readonly version: 1;
  /** Absolute path of the administrator's kubeconfig; there is a file when the platform has a cluster. */
  readonly kubeconfig: string;
  /** Address of the node; what listens there can be reached from pods. */
  readonly nodeAddress: string;
  /** Host and port of the registry, as this machine and the cluster see it. */
  readonly registry: string;
  /** Docker engine for builds, as in DOCKER_HOST. */
  readonly dockerHost: string;
  /** StorageClass of volumes that survive restarts. */
  readonly storageClass: "local-path";
  readonly baseImages: BaseImages;
  /** URL of the Cloud Monitoring emulator, with a trailing slash. */
  readonly monitoring: string;
  /** URL of Prometheus, with a trailing slash. */
  readonly prometheus: string;
}

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
 * @throws Error if another clone owns it, or a process does not become ready; says which and shows the end of its log.
 */
export async function startPlatform({
  toolchain,
  progress,
  cluster,
  takeOver,
}: StartOptions): Promise<Platform> {
  return withPlatformLock(async () => {
    const addresses = await platformAddresses();
    await rememberAddresses(addresses);
    await claimPlatform({ running: await isSupervising(), takeOver });
    const withCluster = cluster || (await serviceNames()).includes("apiserver");

    return progress.step("platform", async (detail) => {
      if (!(await bootIsCurrent())) await removeLeftovers();
      await markBoot();
      await ensureAuthorities();
      const plan: Plan = { bin: toolchain.bin, addresses };
      const services = await platformServices(plan, { cluster: withCluster });
      if (withCluster) {
        await raiseNetwork(addresses.node);
        await writeKubeconfig(addresses);
      }
      await writeRecord(planPath, {
        bin: toolchain.bin,
        cluster: withCluster,
      } satisfies StartedPlan);
      await supervise(services);
      const [baseImages] = await Promise.all([
        makeBaseImages(services, addresses, detail),
        withCluster
          ? prepareCluster(plan, services, detail)
          : waitUntilReady(services, READY_WITHIN, detail),
      ]);
      detail("");
      const platform = platformOf(addresses, baseImages);
      await writeRecord(platformPath, platform);
      return platform;
    });
  });
}

/**
 * Ends the pods, the processes, the mounts, the links and the rules of the platform; data stays.
 *
 * @throws Error if another clone owns the running platform, or something cannot be removed.
 */
export async function stopPlatform(progress: Progress): Promise<void> {
  await withPlatformLock(() => stop(progress));
}

/** Stops the platform and removes all of its data, that of every stack on it included. */
export async function purgePlatform(progress: Progress): Promise<void> {
  await withPlatformLock(async () => {
    await stop(progress);
    await progress.step("data removed", async () => {
      await unmountAll(statePath);
      await rm(statePath, { recursive: true, force: true });
    });
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

/**
 * What a stack finds on the running platform.
 *
 * @throws Error if the platform was not started.
 */
export async function readPlatform(): Promise<Platform> {
  const text = await readFile(platformPath, "utf8").catch(() => undefined);
  if (!text) throw new Error("the platform must run, found it stopped; start it with npm run up");
  return JSON.parse(text) as Platform;
}

/** What the running processes were made from. */
interface StartedPlan {
  readonly bin: string;
  readonly cluster: boolean;
}

const platformPath = join(statePath, "platform.json");
const planPath = join(statePath, "plan.json");

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

async function stop(progress: Progress): Promise<void> {
  const running = await isSupervising();
  await requireOwnership({ running });
  const names = await serviceNames();
  if (running) {
    await progress.step("pods end", async (detail) => {
      if (names.includes("kubelet") && (await apiserverAnswers())) {
        // What does not end in order ends with its shim below.
        await drain(detail).catch((error: Error) => detail(error.message));
      }
    });
    await progress.step("processes end", async (detail) => {
      await endSupervisor();
      for (const name of endOrder(names)) {
        detail(name);
        await endService(name, GRACE);
      }
      detail("");
    });
  }
  await progress.step("mounts, links and rules removed", async () => {
    await removeLeftovers();
    if (await bootIsCurrent()) await lowerNetwork((await platformAddresses()).node);
    await forgetServices();
    await rm(platformPath, { force: true });
    await unmountAll(runPath);
    await rm(runPath, { recursive: true, force: true });
  });
}

/** First those that nothing needs. */
function endOrder(names: readonly string[]): string[] {
  const last = [
    "docker",
    "containerd",
    "scheduler",
    "controller-manager",
    "apiserver",
    "etcd",
    "registry",
  ];
  return [
    ...names.filter((name) => !last.includes(name)),
    ...last.filter((name) => names.includes(name)),
  ];
}

async function startedServices(): Promise<Service[]> {
  const text = await readFile(planPath, "utf8").catch(() => undefined);
  if (!text) return [];
  const { bin, cluster } = JSON.parse(text) as StartedPlan;
  return platformServices({ bin, addresses: await platformAddresses({}) }, { cluster });
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

async function writeRecord(path: string, content: object): Promise<void> {
  await writeFile(`${path}.new`, `${JSON.stringify(content, undefined, 2)}\n`, { mode: 0o600 });
  await rename(`${path}.new`, path);
}

function platformOf(addresses: Addresses, baseImages: BaseImages): Platform {
  return {
    version: 1,
    kubeconfig: kubeconfigPath,
    nodeAddress: addresses.node,
    registry: registryHost(addresses),
    dockerHost,
    storageClass: "local-path",
    baseImages,
    monitoring: `http://127.0.0.1:${addresses.ports.monitoring}/`,
    prometheus: `http://127.0.0.1:${addresses.ports.prometheus}/`,
  };
}

async function withPlatformLock<T>(work: () => Promise<T>): Promise<T> {
  // Beside the state, which a purge removes.
  return withLock(`${statePath}.lock`, () => undefined, work);
}
