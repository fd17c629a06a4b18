import type { Addresses } from "../addresses.ts";
import type { Disk, MachineFacts } from "./facts.ts";

const GIB = 1024 ** 3;

/** Memory that the platform and one stack need, in bytes. */
const MEMORY = 4 * GIB;

/** Disk space in bytes: of the platform's data and of the toolchain with the Go compiler's cache, before and after. */
const SPACE = {
  state: { first: 8 * GIB, later: 1 * GIB },
  cache: { first: 10 * GIB, later: 0.5 * GIB },
} as const;

/** Controllers of control groups without which no pod starts. */
const CONTROLLERS = ["cpu", "memory", "pids"];

/** What the platform is wanted to be. */
export interface Wanted {
  readonly addresses: Addresses;
  readonly cluster: boolean;
}

/** Everything that keeps the platform from running, one sentence each: the rule, what was found, what to do. */
export function problemsOf(facts: MachineFacts, wanted: Wanted): string[] {
  if (facts.system !== "linux x64")
    return [`the system must be linux x64, found ${facts.system}; use such a machine`];
  return [
    ...rightsProblems(facts),
    ...kernelProblems(facts),
    ...sizeProblems(facts),
    ...(wanted.cluster ? networkProblems(facts, wanted) : []),
    ...facts.listeners.map(
      ({ port, wantedFor, program, pid }) =>
        `port ${port} (${wantedFor}) must be free, found ${program}${pid ? ` (process ${pid})` : ""}; ` +
        "end it, or set PLATFORM_PORT_BASE to the first of other ports",
    ),
  ];
}

function rightsProblems({ user }: MachineFacts): string[] {
  return user === 0
    ? []
    : [`the user must be root, found user ${user}; run it with sudo or as root`];
}

function kernelProblems({ fileSystems, cgroupControllers, hasNetfilter }: MachineFacts): string[] {
  const missing = CONTROLLERS.filter((name) => !cgroupControllers.includes(name));
  return [
    ...(fileSystems.includes("overlay")
      ? []
      : [
          "the kernel must have overlayfs, found none in /proc/filesystems; load it with modprobe overlay",
        ]),
    ...(missing.length === 0
      ? []
      : [
          `control groups must have cpu, memory and pids, found no ${missing.join(", ")}; ` +
            "mount them or enable them on the kernel's command line",
        ]),
    ...(hasNetfilter
      ? []
      : ["the kernel must have netfilter, found no /proc/net/netfilter; use a kernel that has it"]),
  ];
}

function sizeProblems({ memory, disks }: MachineFacts): string[] {
  const wants = [
    { disk: disks.state, bytes: need(disks.state, SPACE.state), move: "XDG_STATE_HOME" },
    { disk: disks.cache, bytes: need(disks.cache, SPACE.cache), move: "XDG_CACHE_HOME" },
  ];
  const devices = new Set(wants.map(({ disk }) => disk.device));
  return [
    ...(memory >= MEMORY * 0.95
      ? []
      : [
          `memory must be ${inGib(MEMORY)} GiB at least, found ${inGib(memory)} GiB; use a larger machine`,
        ]),
    ...[...devices].flatMap((device) => {
      const here = wants.filter(({ disk }) => disk.device === device);
      const bytes = here.reduce((sum, one) => sum + one.bytes, 0);
      const { free } = here[0]!.disk;
      if (free >= bytes) return [];
      const paths = here.map(({ disk }) => disk.path).join(" and ");
      const moves = here.map(({ move }) => move).join(" or ");
      return [
        `the disk must have ${inGib(bytes)} GiB free for ${paths}, found ${inGib(free)} GiB; ` +
          `free some, or point ${moves} to another disk`,
      ];
    }),
  ];
}

function networkProblems(
  { nodeInterface, foreignKubernetes }: MachineFacts,
  { addresses }: Wanted,
): string[] {
  return [
    ...(nodeInterface === undefined || nodeInterface === "lo"
      ? []
      : [
          `the node's address must be free, found ${addresses.node} on ${nodeInterface}; ` +
            "set PLATFORM_NODE_ADDRESS to an address that nothing uses",
        ]),
    ...(foreignKubernetes
      ? [
          "no other Kubernetes may run on this machine, found its chains KUBE-* in iptables; " +
            "stop it, or use it with platform: kubeconfig",
        ]
      : []),
  ];
}

function need(disk: Disk, { first, later }: { first: number; later: number }): number {
  return disk.filled ? later : first;
}

function inGib(bytes: number): string {
  return (bytes / GIB).toFixed(1).replace(/\.0$/, "");
}
