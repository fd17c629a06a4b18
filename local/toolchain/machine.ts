import { execFileSync } from "node:child_process";
import { accessSync, constants, existsSync, realpathSync } from "node:fs";
import { homedir } from "node:os";
import { dirname, join, resolve } from "node:path";
import { toolNamed, type Tool } from "./pins.ts";
import { pulumiHome } from "./layout.ts";
import { storePath } from "./store.ts";

/** How long a binary may take to print its version, in milliseconds. */
const VERSION_TIMEOUT = 20_000;

/** Where this machine's own tools are looked for. */
export interface Machine {
  /** Folders of PATH, none of them ours. */
  readonly folders: readonly string[];
  /** The user's Pulumi home, with its plugin cache and CLI. */
  readonly pulumiHome: string;
}

/** What `environment` says of this machine; the toolchain's own folders are no part of it, also when they are on PATH. */
export function thisMachine(environment: NodeJS.ProcessEnv = process.env): Machine {
  const isForeign = (folder: string): boolean =>
    !`${resolve(folder)}/`.startsWith(`${storePath}/`) && !folder.endsWith("node_modules/.bin");
  const home = environment.PULUMI_HOME;
  return {
    folders: (environment.PATH ?? "").split(":").filter((folder) => folder && isForeign(folder)),
    pulumiHome: home && resolve(home) !== pulumiHome ? home : join(homedir(), ".pulumi"),
  };
}

/** Path of the machine's own `tool` at exactly the pinned version, else undefined. */
export function machineTool(tool: Tool, machine: Machine): string | undefined {
  if (tool.plugin) {
    const folder = join(machine.pulumiHome, "plugins", `resource-${tool.plugin}-v${tool.version}`);
    const path = join(folder, tool.name);
    // Pulumi leaves this file while it installs.
    return isExecutable(path) && !existsSync(`${folder}.partial`) ? path : undefined;
  }
  if (tool.beside) {
    const companion = machineTool(toolNamed(tool.beside), machine);
    const path = companion && join(dirname(companion), tool.name);
    return path && isExecutable(path) ? path : undefined;
  }
  return [
    ...machine.folders,
    join(machine.pulumiHome, "bin"),
    join(machine.pulumiHome, "versions", tool.version, "bin"),
  ]
    .map((folder) => join(folder, tool.name))
    .filter(isExecutable)
    .map((path) => realpathSync(path))
    .find((path) => saysVersion(path, tool));
}

function isExecutable(path: string): boolean {
  try {
    accessSync(path, constants.X_OK);
    return true;
  } catch {
    return false;
  }
}

function saysVersion(path: string, tool: Tool): boolean {
  try {
    const said = execFileSync(path, tool.versionArguments!, {
      encoding: "utf8",
      env: { ...process.env, PULUMI_HOME: pulumiHome, PULUMI_SKIP_UPDATE_CHECK: "true" },
      stdio: ["ignore", "pipe", "ignore"],
      timeout: VERSION_TIMEOUT,
    });
    const version = tool.version.replaceAll(".", "\\.");
    return new RegExp(`(?<![0-9.])${version}(?![0-9A-Za-z.+-])`).test(said);
  } catch {
    return false;
  }
}
