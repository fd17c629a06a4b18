import { execFile } from "node:child_process";
import { createHash } from "node:crypto";
import { existsSync } from "node:fs";
import { mkdir, mkdtemp, readFile, rename, rm } from "node:fs/promises";
import { join } from "node:path";
import { promisify } from "node:util";
import { cachePath } from "../../local/paths.ts";
import type { Progress } from "../../local/progress.ts";

/**
 * Installs zizmor from PyPI, checked by its SHA-256, unless that was done before.
 *
 * @returns the folder of the program.
 * @throws Error with the end of what pip said.
 */
export async function ensureZizmor(progress: Progress): Promise<string> {
  const requirements = join(import.meta.dirname, "zizmor-requirements.txt");
  const digest = createHash("sha256")
    .update(await readFile(requirements))
    .digest("hex");
  const installed = join(cachePath, `zizmor-${digest.slice(0, 12)}`);
  if (!existsSync(installed)) {
    await progress.step("zizmor", () => install(requirements, installed));
  }
  return join(installed, "bin");
}

async function install(requirements: string, target: string): Promise<void> {
  await mkdir(cachePath, { recursive: true });
  const folder = await mkdtemp(`${target}-`);
  try {
    const options = ["--quiet", "--no-deps", "--only-binary=:all:", "--require-hashes"];
    await promisify(execFile)(
      "pip3",
      ["install", ...options, "--target", folder, "--requirement", requirements],
      { env: { ...process.env, PIP_DISABLE_PIP_VERSION_CHECK: "1" } },
    ).catch((error: Error & { stderr?: string }) => {
      throw new Error(
        `pip3 must install zizmor, got ${(error.stderr ?? error.message).slice(-1000)}`,
      );
    });
    // Another run may have been faster.
    await rename(folder, target).catch(() => undefined);
  } finally {
    await rm(folder, { recursive: true, force: true });
  }
}
