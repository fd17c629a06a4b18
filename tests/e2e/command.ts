import { spawn } from "node:child_process";
import { join, resolve } from "node:path";

/** Root of the clone under test. */
export const clone = resolve(import.meta.dirname, "..", "..");

export interface CommandRun {
  readonly code: number;
  readonly stdout: string;
  readonly stderr: string;
}

/** Runs an npm command of this repository as a user would, and waits for its end. */
export function npmRun(
  name: string,
  args: readonly string[] = [],
  environment: Record<string, string> = {},
): Promise<CommandRun> {
  return runProcess(process.execPath, [join(clone, "commands", "run.js"), name, ...args], {
    environment,
  });
}

/** Runs a program and waits for its end; what it prints is collected. */
export function runProcess(
  program: string,
  args: readonly string[],
  options: { environment?: Record<string, string>; cwd?: string; input?: string } = {},
): Promise<CommandRun> {
  const child = spawn(program, args, {
    cwd: options.cwd ?? clone,
    env: { ...process.env, ...options.environment },
    stdio: ["pipe", "pipe", "pipe"],
  });
  // A program need not read what it is given.
  child.stdin.on("error", () => undefined);
  child.stdin.end(options.input ?? "");
  let stdout = "";
  let stderr = "";
  child.stdout.setEncoding("utf8").on("data", (text: string) => (stdout += text));
  child.stderr.setEncoding("utf8").on("data", (text: string) => (stderr += text));
  return new Promise((resolved, reject) => {
    child.on("error", reject);
    child.on("close", (code, signal) =>
      resolved({ code: signal ? 128 : (code ?? 1), stdout, stderr }),
    );
  });
}
