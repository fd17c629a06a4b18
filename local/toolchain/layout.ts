import { createHash } from "node:crypto";
import {
  linkSync,
  lstatSync,
  mkdirSync,
  readdirSync,
  readlinkSync,
  renameSync,
  rmSync,
  statSync,
  symlinkSync,
  writeFileSync,
} from "node:fs";
import { basename, dirname, join } from "node:path";
import { cachePath } from "../paths.ts";
import type { Tool } from "./pins.ts";
import { storePath } from "./store.ts";

/** Pulumi's home of all our stacks: plugin cache, workspaces. */
export const pulumiHome = join(cachePath, "pulumi");

/** A binary that is to be found at its usual place. */
export interface PlacedTool {
  readonly tool: Tool;
  readonly path: string;
}

/**
 * Makes the folder that goes on PATH and fills Pulumi's plugin cache.
 *
 * The folder is named by what lies in it, so clones with other pins do not take each other's binaries. Resource plugins
 * are kept off PATH, where Pulumi would prefer them and warn.
 *
 * @returns the folder with the binaries
 */
export function placeTools(placed: readonly PlacedTool[]): string {
  const names = placed.map(({ tool, path }) => `${tool.name}=${path}`);
  const digest = createHash("sha256").update(names.join("\n")).digest("hex");
  const bin = join(storePath, `bin-${digest.slice(0, 12)}`);
  mkdirSync(bin, { recursive: true });
  mkdirSync(pulumiHome, { recursive: true, mode: 0o700 });
  keepNoLogs();
  for (const { tool, path } of placed) {
    if (tool.plugin) placePlugin(tool, path);
    else place(path, join(bin, tool.name));
    // The binary is every component of Kubernetes, kubectl when called so.
    if (tool.name === "kubernetes") placeLink("kubernetes", join(bin, "kubectl"));
  }
  return bin;
}

/**
 * The engine writes down all that passes through it, at its highest level and for whoever supports it, wherever it can make its
 * folder of logs: half of its processor time, and megabytes for each run. It goes on without where a file has the folder's name.
 */
function keepNoLogs(): void {
  const logs = join(pulumiHome, "logs");
  if (lstatSync(logs, { throwIfNoEntry: false })?.isFile()) return;
  rmSync(logs, { recursive: true, force: true });
  writeFileSync(logs, "");
}

/** Pulumi lists plugin folders but not links to folders: a real folder holds a link to each file. */
function placePlugin(tool: Tool, path: string): void {
  const folder = join(pulumiHome, "plugins", `resource-${tool.plugin}-v${tool.version}`);
  mkdirSync(folder, { recursive: true });
  rmSync(`${folder}.partial`, { force: true });
  if (path.startsWith(`${storePath}/`)) {
    place(path, join(folder, tool.name));
    return;
  }
  for (const file of readdirSync(dirname(path))) {
    placeLink(join(dirname(path), file), join(folder, file));
  }
}

/** Our own binaries are hard links: the CLI looks for its language host beside the file that it really is. */
function place(path: string, at: string): void {
  if (!path.startsWith(`${storePath}/`)) {
    placeLink(path, at);
    return;
  }
  const current = lstatSync(at, { throwIfNoEntry: false });
  if (current?.ino !== statSync(path).ino) replace(at, (temporary) => linkSync(path, temporary));
}

function placeLink(target: string, at: string): void {
  const isLink = lstatSync(at, { throwIfNoEntry: false })?.isSymbolicLink();
  if (isLink && readlinkSync(at) === target) return;
  replace(at, (temporary) => symlinkSync(target, temporary));
}

/** In one step, so that a process that starts the binary at this moment finds one. */
function replace(at: string, make: (temporary: string) => void): void {
  const temporary = join(dirname(at), `.${basename(at)}.${process.pid}`);
  rmSync(temporary, { force: true });
  make(temporary);
  renameSync(temporary, at);
}
