import { spawn } from "node:child_process";
import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { dirname, join } from "node:path";
import { statePath } from "../../local/paths.ts";
import { writeMachine } from "./machine.ts";
import type { Registered } from "./registered.ts";

/** How long a program may take, in milliseconds. */
const PATIENCE = 120_000;

/** Most characters of what a program that fails said. */
const SAID = 4000;

/** Which program to run, and on what. */
export interface ProgramOptions {
  /** A clone with its dependencies. */
  readonly folder: string;
  readonly stack: string;
  /** Whether it finds the platform of this machine, or a stand-in for one: names follow what is found there. */
  readonly machine: "this" | "stand-in";
}

/**
 * What a program registers, by URN, with mocks in place of the engine.
 *
 * It runs in a process of its own that gets nothing of this one's environment: no credentials, no engine.
 *
 * @throws Error with what the program said if it fails, or registers a URN twice.
 */
export async function registeredBy({
  folder,
  stack,
  machine,
}: ProgramOptions): Promise<Registered[]> {
  const home = await mkdtemp(join(tmpdir(), "marketing-stack-mocks-"));
  try {
    if (machine === "stand-in") await writeMachine(home);
    const state = machine === "this" ? dirname(statePath) : home;
    const registered = await run([stack, machine], {
      cwd: folder,
      env: { PATH: process.env.PATH, HOME: home, TMPDIR: home, XDG_STATE_HOME: state },
    });
    const twice = registered.find(
      ({ urn }, index) => registered.findIndex((other) => other.urn === urn) < index,
    );
    if (twice)
      throw new Error(`the program must register each resource once, got ${twice.urn} twice`);
    return registered.sort((a, b) => (a.urn < b.urn ? -1 : 1));
  } finally {
    await rm(home, { recursive: true, force: true });
  }
}

function run(
  args: readonly string[],
  place: { cwd: string; env: NodeJS.ProcessEnv },
): Promise<Registered[]> {
  const child = spawn(
    process.execPath,
    [
      "--disable-warning=ExperimentalWarning",
      "--enable-source-maps",
      join(import.meta.dirname, "run-program.ts"),
      ...args,
    ],
    {
      ...place,
      stdio: ["ignore", "pipe", "pipe", "ipc"],
      timeout: PATIENCE,
    },
  );
  let said = "";
  let registered: Registered[] | undefined;
  for (const stream of [child.stdout!, child.stderr!]) {
    stream.setEncoding("utf8").on("data", (text: string) => (said = (said + text).slice(-SAID)));
  }
  child.on("message", (message) => (registered = message as Registered[]));
  return new Promise((resolve, reject) => {
    child.on("error", reject);
    child.on("close", (code, signal) => {
      if (code === 0 && registered) resolve(registered);
      else {
        reject(new Error(`the program ended with ${signal ?? `status ${code}`}: ${said.trim()}`));
      }
    });
  });
}
