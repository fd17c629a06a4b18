import { execFile } from "node:child_process";
import { createHash } from "node:crypto";
import { mkdir, mkdtemp, readFile, rename, rm, stat } from "node:fs/promises";
import { join } from "node:path";
import { promisify } from "node:util";
import { cachePath } from "../paths.ts";

/** The npm of the Node base image; npm's package of Node carries none. */
export const NPM = {
  version: "11.6.2",
  integrity:
    "sha512-7iKzNfy8lWYs3zq4oFPa8EXZz5xt9gQNKJZau3B1ErLBb6bF7sBJ00x09485DOvRT2l5Gerbl3VlZNT57MxJVA==",
} as const;

const run = promisify(execFile);

/**
 * Folder with the unpacked npm package, fetched once.
 *
 * @throws Error if the registry does not answer, or with another package than the pinned one.
 */
export async function fetchNpm(): Promise<string> {
  const folder = join(cachePath, "images", `npm-${NPM.version}`);
  if (await stat(folder).catch(() => undefined)) return folder;
  await mkdir(join(cachePath, "images"), { recursive: true });
  const scratch = await mkdtemp(join(cachePath, "images", "npm-"));
  try {
    await run("npm", ["pack", `npm@${NPM.version}`, "--silent", "--pack-destination", scratch], {
      cwd: scratch,
    });
    const archive = join(scratch, `npm-${NPM.version}.tgz`);
    const integrity = `sha512-${createHash("sha512")
      .update(await readFile(archive))
      .digest("base64")}`;
    if (integrity !== NPM.integrity) {
      throw new Error(
        `npm@${NPM.version} must have the integrity ${NPM.integrity}, got ${integrity}; see the registry`,
      );
    }
    await run("tar", [
      "--extract",
      "--gzip",
      "--no-same-owner",
      `--file=${archive}`,
      `--directory=${scratch}`,
    ]);
    await rename(join(scratch, "package"), folder).catch((error: NodeJS.ErrnoException) => {
      // Another process was faster; the package is the same.
      if (error.code !== "ENOTEMPTY" && error.code !== "EEXIST") throw error;
    });
  } finally {
    await rm(scratch, { recursive: true, force: true });
  }
  return folder;
}
