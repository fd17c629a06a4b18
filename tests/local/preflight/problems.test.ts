import { addressesFrom } from "../../../local/addresses.ts";
import type { MachineFacts } from "../../../local/preflight/facts.ts";
import { problemsOf } from "../../../local/preflight/problems.ts";

const GIB = 1024 ** 3;
const addresses = addressesFrom(17_000, "192.0.2.10");
const local = { addresses, cluster: true };

const good: MachineFacts = {
  system: "linux x64",
  user: 0,
  fileSystems: ["nodev", "overlay", "ext4"],
  cgroupControllers: ["cpu", "memory", "pids"],
  hasNetfilter: true,
  memory: 8 * GIB,
  disks: {
    state: { path: "/state", device: 1, free: 20 * GIB, filled: false },
    cache: { path: "/cache", device: 1, free: 20 * GIB, filled: false },
  },
  foreignKubernetes: false,
  listeners: [],
};

test("a machine that has everything has no problems", () => {
  expect(problemsOf(good, local)).toEqual([]);
  expect(problemsOf({ ...good, nodeInterface: "lo" }, local)).toEqual([]);
});

test("everything that is missing is told at once, with what was found and what to do", () => {
  const bad: MachineFacts = {
    ...good,
    user: 1000,
    fileSystems: ["ext4"],
    cgroupControllers: ["cpu"],
    hasNetfilter: false,
    memory: 2 * GIB,
    disks: {
      state: { path: "/state", device: 1, free: 3 * GIB, filled: false },
      cache: { path: "/cache", device: 1, free: 3 * GIB, filled: false },
    },
    nodeInterface: "eth0",
    foreignKubernetes: true,
    listeners: [{ port: 17_003, wantedFor: "registry", pid: 42, program: "nginx" }],
  };
  expect(problemsOf(bad, local)).toEqual([
    "the user must be root, found user 1000; run it with sudo or as root",
    "the kernel must have overlayfs, found none in /proc/filesystems; load it with modprobe overlay",
    "control groups must have cpu, memory and pids, found no memory, pids; mount them or enable them on the kernel's command line",
    "the kernel must have netfilter, found no /proc/net/netfilter; use a kernel that has it",
    "memory must be 4 GiB at least, found 2 GiB; use a larger machine",
    "the disk must have 18 GiB free for /state and /cache, found 3 GiB; free some, or point XDG_STATE_HOME or XDG_CACHE_HOME to another disk",
    "the node's address must be free, found 192.0.2.10 on eth0; set PLATFORM_NODE_ADDRESS to an address that nothing uses",
    "no other Kubernetes may run on this machine, found its chains KUBE-* in iptables; stop it, or use it with platform: kubeconfig",
    "port 17003 (registry) must be free, found nginx (process 42); end it, or set PLATFORM_PORT_BASE to the first of other ports",
  ]);
});

test("an unsupported system is the only problem that is told", () => {
  expect(problemsOf({ ...good, system: "darwin arm64", user: 501 }, local)).toEqual([
    "the system must be linux x64, found darwin arm64; use such a machine",
  ]);
});

test("a disk that holds the toolchain and the data already needs far less space", () => {
  const disks = {
    state: { path: "/state", device: 1, free: 2 * GIB, filled: true },
    cache: { path: "/cache", device: 1, free: 2 * GIB, filled: true },
  };
  expect(problemsOf({ ...good, disks }, local)).toEqual([]);
});

test("two disks are looked at one by one", () => {
  const disks = {
    state: { path: "/state", device: 1, free: 20 * GIB, filled: false },
    cache: { path: "/cache", device: 2, free: 1 * GIB, filled: false },
  };
  expect(problemsOf({ ...good, disks }, local)).toEqual([
    "the disk must have 10 GiB free for /cache, found 1 GiB; free some, or point XDG_CACHE_HOME to another disk",
  ]);
});

test("without a cluster of the platform's own another Kubernetes is welcome", () => {
  expect(problemsOf({ ...good, foreignKubernetes: true }, { addresses, cluster: false })).toEqual(
    [],
  );
});
