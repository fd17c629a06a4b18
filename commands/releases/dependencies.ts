import { execFile } from "node:child_process";
import { createHash } from "node:crypto";
import { existsSync } from "node:fs";
import { cp, mkdir, mkdtemp, readFile, rename, rm } from "node:fs/promises";
import { join } from "node:path";
import { promisify } from "node:util";
import { cachePath, clonePath } from "../../local/paths.ts";

/**
 * Folder with the npm packages that a checkout of this repository names in its lockfile: this clone's where they are the same,
 * else one that is installed once and kept.
 *
 * @throws Error with npm's messages if they cannot be installed.
 */
export async function dependenciesOf(checkout: string): Promise<string> {
  const wanted = await lockDigest(checkout);
  if (wanted === (await lockDigest(clonePath))) return join(clonePath, "node_modules");
  const kept = join(cachePath, "packages", wanted);
  if (existsSync(kept)) return join(kept, "node_modules");
  await mkdir(join(kept, ".."), { recursive: true });
  const folder = await mkdtemp(`${kept}.`);
  try {
    for (const file of ["package.json", "package-lock.json", ".npmrc"]) {
      await cp(join(checkout, file), join(folder, file));
    }
    await promisify(execFile)("npm", ["ci", "--loglevel=error", "--engine-strict=false"], {
      cwd: folder,
      maxBuffer: 64 * 1024 * 1024,
    });
    // Another command may have been faster: its packages are the same.
    await rename(folder, kept).catch((error: NodeJS.ErrnoException) => {
      if (error.code !== "ENOTEMPTY" && error.code !== "EEXIST") throw error;
    });
  } finally {
    await rm(folder, { recursive: true, force: true });
  }
  return join(kept, "node_modules");
}

async function lockDigest(folder: string): Promise<string> {
  const content = await readFile(join(folder, "package-lock.json"));
  return createHash("sha256").update(content).digest("hex").slice(0, 16);
}
