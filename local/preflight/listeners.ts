import { readFile, readdir, readlink } from "node:fs/promises";
import type { Addresses } from "../addresses.ts";
import { processStatuses } from "../supervisor/supervisor.ts";

/** A process that listens on a port which the platform wants. */
export interface Listener {
  readonly port: number;
  /** What the platform wants the port for. */
  readonly wantedFor: string;
  /** 0 if it cannot be seen. */
  readonly pid: number;
  readonly program: string;
}

/** A process that listens on a TCP port. */
export interface ListeningProcess {
  /** IPv4 address; 0.0.0.0 for all. */
  readonly address: string;
  readonly port: number;
  /** 0 if it cannot be seen. */
  readonly pid: number;
  readonly program: string;
}

/** Who listens on the platform's TCP ports, on an address that the platform uses, and is not of the platform. */
export async function listenersOn({ node, ports }: Addresses): Promise<Listener[]> {
  const wanted = Object.entries(ports);
  const taken = (await listeningProcesses(Object.values(ports))).filter(({ address }) =>
    ["0.0.0.0", "127.0.0.1", node].includes(address),
  );
  if (taken.length === 0) return [];
  const own = await processStatuses();
  return taken
    .filter(({ pid }) => !own.some((process) => process.pid === pid))
    .map(({ port, pid, program }) => ({
      port,
      wantedFor: wanted.find(([, one]) => one === port)![0],
      pid,
      program,
    }));
}

/** All processes that listen on one of `among`. @param among default - any port */
export async function listeningProcesses(among?: readonly number[]): Promise<ListeningProcess[]> {
  const tables = await Promise.all(
    ["tcp", "tcp6"].map((name) => readFile(`/proc/net/${name}`, "utf8").catch(() => "")),
  );
  const sockets = tables
    .flatMap(listeningSockets)
    .filter(({ port }) => among?.includes(port) ?? true);
  if (sockets.length === 0) return [];
  const owners = await socketOwners();
  return sockets.map(({ address, port, inode }) => {
    const { pid = 0, program = "a process that cannot be seen" } = owners.get(inode) ?? {};
    return { address, port, pid, program };
  });
}

/** The sockets that listen, in the text of /proc/net/tcp or tcp6; addresses of any-kind read 0.0.0.0. */
export function listeningSockets(
  table: string,
): { address: string; port: number; inode: number }[] {
  return table
    .split("\n")
    .slice(1)
    .map((line) => line.trim().split(/\s+/))
    .filter((fields) => fields[3] === "0A")
    .map((fields) => {
      const [address, port] = fields[1]!.split(":") as [string, string];
      // The last eight digits hold the IPv4 address, lowest byte first; tcp6 maps IPv4 into the same place.
      const bytes = address.slice(-8).match(/../g)!.reverse();
      return {
        address: bytes.map((byte) => parseInt(byte, 16)).join("."),
        port: parseInt(port, 16),
        inode: Number(fields[9]),
      };
    });
}

async function socketOwners(): Promise<Map<number, { pid: number; program: string }>> {
  const owners = new Map<number, { pid: number; program: string }>();
  for (const pid of (await readdir("/proc")).filter((name) => /^\d+$/.test(name))) {
    const descriptors = await readdir(`/proc/${pid}/fd`).catch(() => []);
    const links = await Promise.all(
      descriptors.map((one) => readlink(`/proc/${pid}/fd/${one}`).catch(() => "")),
    );
    const inodes = links.flatMap((link) => /^socket:\[(\d+)\]$/.exec(link)?.[1] ?? []);
    if (inodes.length === 0) continue;
    const program = (await readFile(`/proc/${pid}/comm`, "utf8").catch(() => "")).trim();
    for (const inode of inodes) owners.set(Number(inode), { pid: Number(pid), program });
  }
  return owners;
}
