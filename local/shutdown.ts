import { rm } from "node:fs/promises";
import { platformAddresses } from "./addresses.ts";
import { apiserverAnswers } from "./cluster/api.ts";
import { bootIsCurrent } from "./cluster/boot.ts";
import { drain } from "./cluster/drain.ts";
import { removeLeftovers, removeLogLinks, unmountAll } from "./cluster/leftovers.ts";
import { lowerNetwork } from "./cluster/network.ts";
import { runPath } from "./cluster/plan.ts";
import { requireOwnership } from "./ownership.ts";
import { statePath } from "./paths.ts";
import { withPlatformLock } from "./platform-lock.ts";
import { platformPath } from "./platform-record.ts";
import type { Progress } from "./progress.ts";
import {
  endService,
  endSupervisor,
  forgetServices,
  isSupervising,
  serviceNames,
} from "./supervisor/supervisor.ts";

/** How long a process may take to end before it is killed, in seconds. */
const GRACE = 15;

/** These end last, in this order: the others need them. */
const NEEDED = [
  "docker",
  "containerd",
  "scheduler",
  "controller-manager",
  "apiserver",
  "etcd",
  "registry",
];

/**
 * Ends the pods, the processes, the mounts, the links and the rules of the platform; data stays.
 *
 * @throws Error if another clone owns the running platform, or something cannot be removed.
 */
export async function stopPlatform(progress: Progress): Promise<void> {
  await withPlatformLock(async () => {
    await requireOwnership({ running: await isSupervising() });
    await shutDown(progress);
  });
}

/**
 * Stops the platform and removes all of its data, that of every stack on it included.
 *
 * @throws Error as {@link stopPlatform}; nothing is removed then.
 */
export async function purgePlatform(progress: Progress): Promise<void> {
  await withPlatformLock(async () => {
    await requireOwnership({ running: await isSupervising() });
    await shutDown(progress);
    await progress.step("data removed", async () => {
      await unmountAll(statePath);
      await removeLogLinks();
      await rm(statePath, { recursive: true, force: true });
    });
  });
}

/** Stops the platform, in whatever state it is; for who holds its lock. */
export async function shutDown(progress: Progress): Promise<void> {
  if (await isSupervising()) {
    const names = await serviceNames();
    if (names.includes("kubelet")) {
      await progress.step("pods end", async (detail) => {
        // What does not end in order ends with its shim below.
        if (await apiserverAnswers())
          await drain(detail).catch((error: Error) => detail(error.message));
      });
    }
    await progress.step("processes end", async (detail) => {
      await endSupervisor();
      const needed = NEEDED.filter((name) => names.includes(name));
      detail("those that nothing needs");
      await Promise.all(
        names.filter((name) => !needed.includes(name)).map((name) => endService(name, GRACE)),
      );
      for (const name of needed) {
        detail(name);
        await endService(name, GRACE);
      }
      detail("");
    });
  }
  await progress.step("mounts, links and rules removed", async () => {
    await removeLeftovers();
    if (await bootIsCurrent()) await lowerNetwork((await platformAddresses({})).node);
    await forgetServices();
    await rm(platformPath, { force: true });
    await unmountAll(runPath);
    await rm(runPath, { recursive: true, force: true });
  });
}
