import { execFile } from "node:child_process";
import { createHash } from "node:crypto";
import { existsSync } from "node:fs";
import { mkdir, mkdtemp, readFile, rename, rm } from "node:fs/promises";
import { join } from "node:path";
import { promisify } from "node:util";
import { cachePath } from "../../local/paths.ts";
import type { Progress } from "../../local/progress.ts";

/**
 * Installs what tests compare with from PyPI (`python-requirements.txt`), checked by SHA-256, unless that was done before.
 *
 * @returns the folder of the packages; programs are in its `bin`.
 * @throws Error with the end of what pip said.
 */
export async function ensurePythonTools(progress: Progress): Promise<string> {
  const requirements = join(import.meta.dirname, "python-requirements.txt");
  const digest = createHash("sha256")
    .update(await readFile(requirements))
    .digest("hex");
  const installed = join(cachePath, `python-tools-${digest.slice(0, 12)}`);
  if (!existsSync(installed)) {
    await progress.step("Python tools of the tests", () => install(requirements, installed));
  }
  return installed;
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
        `pip3 must install python-requirements.txt, got ${(error.stderr ?? error.message).slice(-1000)}`,
      );
    });
    // Another run may have been faster.
    await rename(folder, target).catch(() => undefined);
  } finally {
    await rm(folder, { recursive: true, force: true });
  }
}
