import { spawn } from "node:child_process";
import { mkdtemp, rm } from "node:fs/promises";
import { createWriteStream } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import type { EngineEvent } from "@pulumi/pulumi/automation/events.js";
import { clonePath } from "../../local/paths.ts";
import { followEvents } from "./events.ts";
import { remedyOf } from "./remedies.ts";
import { quiet } from "./quiet.ts";

/** One finished run of the Pulumi CLI. */
export interface PulumiRun {
  readonly code: number;
  /** Standard output. */
  readonly stdout: string;
  /** Standard output and standard error as they came, secrets masked by the engine. */
  readonly output: string;
}

export interface PulumiOptions {
  readonly environment: Record<string, string>;
  /** Gets each engine event while the run goes on; only for `up`, `preview`, `refresh` and `destroy`. */
  readonly onEvent?: (event: EngineEvent) => void;
  /** File that gets the output as well. @default - none */
  readonly log?: string;
  /** Folder of the project. @default - this clone */
  readonly cwd?: string;
}

/**
 * Standard output of a run of the Pulumi CLI that has to succeed.
 *
 * @param cwd folder of the project. @default - this clone
 * @throws Error with the CLI's output if it ends with another status than 0.
 */
export async function pulumiOutput(
  args: readonly string[],
  environment: Record<string, string>,
  cwd?: string,
): Promise<string> {
  const run = await runPulumi(args, { environment, cwd });
  if (run.code !== 0) {
    const remedy = remedyOf(run.output);
    throw new Error(
      `pulumi ${args.join(" ")} ended with status ${run.code}\n${run.output.trim().replace(/^error: /gm, "")}${remedy ? `\n→ ${remedy}` : ""}`,
    );
  }
  return run.stdout;
}

/** Runs the Pulumi CLI in the clone; a status other than 0 is the caller's to judge. */
export async function runPulumi(
  args: readonly string[],
  options: PulumiOptions,
): Promise<PulumiRun> {
  const folder = await mkdtemp(join(tmpdir(), "marketing-stack-events-"));
  try {
    const eventLog = join(folder, "events.ndjson");
    const events = options.onEvent ? ["--event-log", eventLog] : [];
    const child = spawn("pulumi", [...args, "--non-interactive", "--color", "never", ...events], {
      cwd: options.cwd ?? clonePath,
      // The engine accepts --event-log only with its debug commands on, as its own Automation API does.
      // Plugins leave temporary files, the Kubernetes one a copy of its kubeconfig: they go with the folder.
      env: {
        ...quiet(process.env),
        ...options.environment,
        PULUMI_DEBUG_COMMANDS: "true",
        TMPDIR: folder,
      },
      stdio: ["ignore", "pipe", "pipe"],
    });
    const log = options.log ? createWriteStream(options.log, { mode: 0o600 }) : undefined;
    let stdout = "";
    let output = "";
    child.stdout.setEncoding("utf8").on("data", (text: string) => {
      stdout += text;
      output += text;
      log?.write(text);
    });
    child.stderr.setEncoding("utf8").on("data", (text: string) => {
      output += text;
      log?.write(text);
    });
    const stop = options.onEvent ? followEvents(eventLog, options.onEvent) : undefined;
    const code = await new Promise<number>((resolve, reject) => {
      child.on("error", reject);
      child.on("close", (status, signal) => resolve(signal ? 128 : (status ?? 1)));
    });
    await stop?.();
    if (log) await new Promise<void>((resolve) => log.end(resolve));
    return { code, stdout, output };
  } finally {
    await rm(folder, { recursive: true, force: true });
  }
}
