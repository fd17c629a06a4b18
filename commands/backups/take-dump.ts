import { spawn } from "node:child_process";
import { mkdir, open, rm, stat } from "node:fs/promises";
import { dirname } from "node:path";
import { pipeline } from "node:stream/promises";
import { putInPlace } from "../../local/write-whole.ts";
import { dumpScript, holdEnded } from "./dump-script.ts";

/** Which database is dumped, and to where. */
export interface TakeDump {
  readonly stack: string;
  readonly kubeconfig: string;
  /** Environment of kubectl. */
  readonly environment: Readonly<Record<string, string>>;
  /** Whether nothing is written from now on. */
  readonly hold: boolean;
  /** File that the dump is written to, for its owner's eyes only; it is there once it is whole. */
  readonly path: string;
}

/**
 * Dumps the databases of a stack that runs in a cluster.
 *
 * @returns bytes of the dump.
 * @throws Error with what the container said, and what ends the hold if that may be left.
 */
export async function takeDump(args: TakeDump): Promise<number> {
  const { stack, kubeconfig, environment, hold, path } = args;
  await mkdir(dirname(path), { recursive: true, mode: 0o700 });
  const unfinished = `${path}.new`;
  const file = await open(unfinished, "wx", 0o600);
  const child = spawn(
    "kubectl",
    [
      `--kubeconfig=${kubeconfig}`,
      `--namespace=${stack}`,
      "exec",
      "database-0",
      "--",
      "bash",
      "-c",
    ].concat(dumpScript({ hold })),
    { env: { ...process.env, ...environment }, stdio: ["ignore", "pipe", "pipe"] },
  );
  let said = "";
  child.stderr.setEncoding("utf8").on("data", (text: string) => (said += text));
  const ended = new Promise<number | null>((resolve, reject) => {
    child.on("error", reject);
    child.on("close", resolve);
  });
  try {
    await pipeline(child.stdout, file.createWriteStream({ flush: true }));
    const code = await ended;
    if (code !== 0) {
      throw new Error(`the database of ${stack} must be dumped, got: ${said.trim().slice(-2000)}`);
    }
    await putInPlace(unfinished, path);
  } catch (error) {
    if (!hold || said.includes(holdEnded)) throw error;
    throw new Error(
      `${(error as Error).message}; the database may take no changes until its server starts again: kubectl --namespace ${stack} delete pod database-0`,
      { cause: error },
    );
  } finally {
    await rm(unfinished, { force: true });
  }
  return (await stat(path)).size;
}
