import { lstatSync, mkdirSync, unlinkSync } from "node:fs";
import { join } from "node:path";
import { clone, runProcess, type CommandRun } from "./command.ts";

/** Mounts the copy `$2` over the clone `$1`, with the clone's dependencies, and runs a command there. */
const SCRIPT = `mount --bind "$1/node_modules" "$2/node_modules"
mount --rbind "$2" "$1"
cd "$1"
shift 2
exec "$@"
`;

/**
 * Runs an npm command as if the clone under test had the files of a copy of it: the platform belongs to the clone's
 * path. Nobody but the command sees them there.
 */
export function npmRunWithFilesOf(
  copy: string,
  name: string,
  args: readonly string[],
  environment: Record<string, string> = {},
): Promise<CommandRun> {
  const run = join(clone, "commands", "run.js");
  const inPlace = withFilesOf(copy, [process.execPath, run, name, ...args]);
  return runProcess(inPlace.program, inPlace.args, { environment });
}

/** What runs `command` in the clone under test, where it finds the files of a copy. */
export function withFilesOf(
  copy: string,
  command: readonly string[],
): { readonly program: string; readonly args: readonly string[] } {
  const modules = join(copy, "node_modules");
  if (lstatSync(modules).isSymbolicLink()) {
    unlinkSync(modules);
    mkdirSync(modules);
  }
  return {
    program: "unshare",
    args: ["--mount", "sh", "-euc", SCRIPT, "sh", clone, copy, ...command],
  };
}
