import { execFile } from "node:child_process";
import { createHash } from "node:crypto";
import { lstat, readFile, readlink } from "node:fs/promises";
import { join } from "node:path";
import { promisify } from "node:util";

/** Rooms and files that an environment is made of. */
export const deployedPaths = [
  "Pulumi.yaml",
  "alerts",
  "campaigns",
  "charts",
  "infra",
  "package-lock.json",
  "services",
  "stacks",
] as const;

/**
 * Digest of what a clone deploys: path, executable bit and content of each file below {@link deployedPaths} that Git knows or
 * would take. Tells whether what was verified is what is being sealed, whenever it was committed.
 *
 * @throws Error if the clone has no Git, without which nothing can be sealed.
 */
export async function sourceDigest(clone: string): Promise<string> {
  const { stdout } = await promisify(execFile)(
    "git",
    ["ls-files", "-z", "--cached", "--others", "--exclude-standard", "--", ...deployedPaths],
    { cwd: clone, maxBuffer: 64 * 1024 * 1024 },
  );
  const paths = [...new Set(stdout.split("\0"))].filter((path) => path !== "").sort();
  const hash = createHash("sha256");
  for (const entry of await Promise.all(paths.map((path) => entryOf(clone, path)))) {
    hash.update(entry);
  }
  return `sha256:${hash.digest("hex")}`;
}

async function entryOf(clone: string, path: string): Promise<Buffer> {
  const whole = join(clone, path);
  const stats = await lstat(whole).catch(() => undefined);
  // Deleted, and the deletion is not committed yet.
  if (!stats) return Buffer.alloc(0);
  const content = stats.isSymbolicLink()
    ? Buffer.from(await readlink(whole))
    : await readFile(whole);
  const kind = stats.isSymbolicLink() ? "l" : stats.mode & 0o100 ? "x" : "-";
  return Buffer.concat([Buffer.from(`${path}\n${kind}${content.length}\n`), content]);
}
