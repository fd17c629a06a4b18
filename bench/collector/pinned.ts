import { spawn } from "node:child_process";
import { once } from "node:events";
import { readFileSync } from "node:fs";
import { connect } from "node:net";
import { join } from "node:path";

import { freePort } from "../../local/free-port.ts";
import { limitedMemory } from "./limited-memory.ts";
import type { Answered, Load } from "./load.ts";

/** Cores that a server and what loads it have for themselves. */
const SERVER_CORE = "0";
const LOAD_CORE = "1";

/** Limit of its pod, as its chart has it. */
const MEMORY_BYTES = 384 * 2 ** 20;

/** Unit of `/proc/<pid>/stat`: USER_HZ, the same on every Linux that Node runs on. */
const TICKS_PER_SECOND = 100;

/** A server under measure. */
export interface PinnedServer {
  readonly port: number;
  readonly pid: number;
  /** Processor time that it has used, in seconds: what other work on the machine changes least. */
  cpuSeconds(): number;
  end(): Promise<void>;
}

/**
 * Starts a Node program on a core of its own, with as much memory as the collector's pod; returns when it takes connections on
 * `PORT`.
 *
 * @param program what follows `node`.
 */
export async function startPinned(
  program: readonly string[],
  environment: Record<string, string> = {},
): Promise<PinnedServer> {
  const port = await freePort();
  const group = limitedMemory(`bench-${process.pid}-${port}`, MEMORY_BYTES);
  const command = ["taskset", "-c", SERVER_CORE, process.execPath, ...program];
  const child = spawn("sh", ["-c", `echo $$ >"$0" && exec "$@"`, group.members, ...command], {
    env: { ...process.env, ...environment, PORT: String(port), LOG_LEVEL: "error" },
    stdio: ["ignore", "ignore", "inherit"],
  });
  const exited = once(child, "exit");
  for (;;) {
    if (await listens(port)) break;
    if (child.exitCode !== null) {
      await group.remove();
      throw new Error(`${program.join(" ")} must start, got ${child.exitCode}`);
    }
    await new Promise((wake) => setTimeout(wake, 50));
  }
  return {
    port,
    pid: child.pid!,
    cpuSeconds: () => {
      const fields = readFileSync(`/proc/${child.pid}/stat`, "utf8").split(") ")[1]!.split(" ");
      return (Number(fields[11]) + Number(fields[12])) / TICKS_PER_SECOND;
    },
    end: async () => {
      child.kill("SIGKILL");
      await exited;
      await group.remove();
    },
  };
}

async function listens(port: number): Promise<boolean> {
  const socket = connect(port, "127.0.0.1");
  const found = await once(socket, "connect").then(
    () => true,
    () => false,
  );
  socket.destroy();
  return found;
}

let nextId = 0;

/** Loads a server from another core; each event has an id of its own. */
export async function loadPinned(load: Omit<Load, "firstId">): Promise<Answered> {
  nextId += 1e9;
  const child = spawn(
    "taskset",
    [
      "-c",
      LOAD_CORE,
      process.execPath,
      "--disable-warning=ExperimentalWarning",
      join(import.meta.dirname, "load.ts"),
      JSON.stringify({ ...load, firstId: nextId }),
    ],
    { stdio: ["ignore", "pipe", "inherit"] },
  );
  let output = "";
  child.stdout.on("data", (chunk: Buffer) => (output += chunk));
  await once(child, "close");
  return JSON.parse(output) as Answered;
}
