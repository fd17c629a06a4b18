import { execFileSync, spawn } from "node:child_process";
import type { ChildProcess } from "node:child_process";
import { once } from "node:events";
import { readFileSync } from "node:fs";
import { join } from "node:path";

const ROOT = join(import.meta.dirname, "../..");

/** A service as one file, as its image carries it: what follows `node` there, options and the path of the file. */
export function bundleService(service: "collector" | "worker", folder: string): string[] {
  const bundle = join(folder, "main.mjs");
  const require = `import { createRequire } from "node:module"; const require = createRequire(import.meta.url); const __dirname = import.meta.dirname;`;
  execFileSync(join(ROOT, "node_modules/.bin/esbuild"), [
    join(ROOT, "services", service, "main.ts"),
    `--outfile=${bundle}`,
    "--bundle",
    "--platform=node",
    "--target=node24",
    "--format=esm",
    "--external:pg-native",
    "--log-level=error",
    `--banner:js=${require}`,
  ]);
  return [...imageNodeOptions(service), bundle];
}

/** What its image gives Node beside the bundle. */
export function imageNodeOptions(service: "collector" | "worker"): string[] {
  const dockerfile = readFileSync(join(ROOT, "services", service, "Dockerfile"), "utf8");
  const command = JSON.parse(/^CMD (.+)$/m.exec(dockerfile)![1]!) as string[];
  return command.slice(1, -1);
}

/** A running service. */
export interface ServiceProcess {
  readonly url: string;
  readonly pid: number;
  /** What it wrote to standard output and error so far. */
  output(): string;
  /** Sends a signal; returns its exit code when it has ended, null if the signal ended it. */
  end(signal: NodeJS.Signals): Promise<number | null>;
  /** Returns its exit code once it has ended by itself. */
  ended(): Promise<number | null>;
}

/**
 * Starts what {@link bundleService} made with exactly this environment; does not wait.
 *
 * @param wrapper words before the command; what they start must become the service.
 */
export function startService(
  bundle: readonly string[],
  env: Record<string, string>,
  wrapper: readonly string[] = [],
): ServiceProcess {
  const [program, ...args] = [...wrapper, process.execPath, ...bundle];
  const child: ChildProcess = spawn(program!, args, { env });
  const exited = once(child, "exit") as Promise<[number | null]>;
  let output = "";
  child.stdout!.on("data", (chunk: Buffer) => (output += chunk));
  child.stderr!.on("data", (chunk: Buffer) => (output += chunk));
  const ended = async (): Promise<number | null> => (await exited)[0];
  return {
    url: `http://127.0.0.1:${env.PORT}`,
    pid: child.pid!,
    output: () => output,
    ended,
    end: async (signal) => {
      child.kill(signal);
      return ended();
    },
  };
}

/** Returns when the service says that it is ready. */
export async function ready({ url, output }: ServiceProcess): Promise<void> {
  const deadline = Date.now() + 20_000;
  for (;;) {
    try {
      if ((await fetch(`${url}/healthz/ready`)).ok) return;
    } catch (error) {
      if (Date.now() > deadline) {
        throw new Error(`the service must be ready within 20 s, got: ${output()}`, {
          cause: error,
        });
      }
    }
    await new Promise((wake) => setTimeout(wake, 20));
  }
}
