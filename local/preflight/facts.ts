import { existsSync } from "node:fs";
import { readFile, stat, statfs } from "node:fs/promises";
import { networkInterfaces, totalmem } from "node:os";
import { dirname, join } from "node:path";
import type { Addresses } from "../addresses.ts";
import { bootIsCurrent } from "../cluster/boot.ts";
import { hasKubernetesChains } from "../cluster/firewall.ts";
import { saved } from "../cluster/network.ts";
import { cachePath, statePath } from "../paths.ts";
import { listenersOn, type Listener } from "./listeners.ts";

/** What was found on this machine, with nothing concluded from it. */
export interface MachineFacts {
  /** As in `process.platform` and `process.arch`. */
  readonly system: string;
  /** User id of this process. */
  readonly user: number;
  /** File systems that the kernel knows: the words of /proc/filesystems. */
  readonly fileSystems: readonly string[];
  /** Controllers of control groups that are there to be used, of version 1 or 2. */
  readonly cgroupControllers: readonly string[];
  readonly hasNetfilter: boolean;
  /** In bytes. */
  readonly memory: number;
  /** The platform's data and the toolchain, and the file systems they lie on. */
  readonly disks: { readonly state: Disk; readonly cache: Disk };
  /** Interface that has the node's address. */
  readonly nodeInterface?: string;
  /** Whether another Kubernetes has made rules on this machine. */
  readonly foreignKubernetes: boolean;
  /** Who listens on the platform's ports and is not the platform. */
  readonly listeners: readonly Listener[];
}

/** Where something is kept. */
export interface Disk {
  readonly path: string;
  /** Device number of its file system. */
  readonly device: number;
  /** Bytes that are free for root. */
  readonly free: number;
  /** Whether what takes most of the space is already there. */
  readonly filled: boolean;
}

/** Looks at this machine; changes nothing. */
export async function gatherFacts(addresses: Addresses): Promise<MachineFacts> {
  const [fileSystems, cgroupControllers, state, cache, rules, ownBoot, listeners] =
    await Promise.all([
      readFile("/proc/filesystems", "utf8").catch(() => ""),
      controllers(),
      disk(statePath, "registry"),
      disk(cachePath, "toolchain"),
      saved("iptables"),
      bootIsCurrent(),
      listenersOn(addresses),
    ]);
  const nodeInterface = Object.entries(networkInterfaces()).find(([, held = []]) =>
    held.some(({ address }) => address === addresses.node),
  )?.[0];
  return {
    system: `${process.platform} ${process.arch}`,
    user: process.getuid?.() ?? -1,
    fileSystems: fileSystems.split(/\s+/),
    cgroupControllers,
    hasNetfilter: existsSync("/proc/net/netfilter"),
    memory: totalmem(),
    disks: { state, cache },
    ...(nodeInterface ? { nodeInterface } : {}),
    foreignKubernetes: !ownBoot && hasKubernetesChains(rules),
    listeners,
  };
}

async function controllers(): Promise<string[]> {
  const unified = await readFile("/sys/fs/cgroup/cgroup.controllers", "utf8").catch(
    () => undefined,
  );
  if (unified !== undefined) return [...unified.trim().split(" "), "devices", "freezer"];
  const mounts = await readFile("/proc/self/mounts", "utf8").catch(() => "");
  return mounts
    .split("\n")
    .filter((line) => line.split(" ")[2] === "cgroup")
    .flatMap((line) => line.split(" ")[3]!.split(","));
}

async function disk(path: string, sign: string): Promise<Disk> {
  let folder = path;
  while (!existsSync(folder)) folder = dirname(folder);
  const { bsize, bavail } = await statfs(folder);
  const { dev } = await stat(folder);
  return { path, device: dev, free: bsize * bavail, filled: existsSync(join(path, sign)) };
}
