import { readFile, rename, writeFile } from "node:fs/promises";
import { join } from "node:path";
import type { BaseImages } from "./images/base-images.ts";
import { statePath } from "./paths.ts";

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
  /** URL of what takes the notifications of alerts, with a trailing slash. */
  readonly receiver: string;
  /** URL of what keeps letters of campaigns, for pods; its page is `<receiver>mails`. */
  readonly mail: string;
}

/** What the running processes were made from. */
export interface StartedPlan {
  /** Folder of the toolchain's binaries. */
  readonly bin: string;
  readonly cluster: boolean;
}

/** The file that tells everybody what the platform offers; it is there while the platform is started. */
export const platformPath = join(statePath, "platform.json");

const planPath = join(statePath, "plan.json");

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

/** Tells everybody what the platform offers. */
export async function writePlatform(platform: Platform): Promise<void> {
  await write(platformPath, platform);
}

/** What the platform was last started from; undefined if it never was. */
export async function readStartedPlan(): Promise<StartedPlan | undefined> {
  const text = await readFile(planPath, "utf8").catch(() => undefined);
  return text ? (JSON.parse(text) as StartedPlan) : undefined;
}

/** Remembers what the platform is started from. */
export async function writeStartedPlan(plan: StartedPlan): Promise<void> {
  await write(planPath, plan);
}

async function write(path: string, content: object): Promise<void> {
  await writeFile(`${path}.new`, `${JSON.stringify(content, undefined, 2)}\n`, { mode: 0o600 });
  await rename(`${path}.new`, path);
}
