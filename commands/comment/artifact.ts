import { lstat, readdir, readFile } from "node:fs/promises";
import { join } from "node:path";

/** Largest file that is read, in bytes. */
const MOST = 4 * 1024 * 1024;

/**
 * The one Markdown file of a folder that a run left, which somebody hostile may have filled: no link is followed.
 *
 * @returns undefined if the folder has none, or is not there.
 * @throws Error if there are several, or it is no plain file of at most 4 MiB.
 */
export async function readArtifact(folder: string): Promise<string | undefined> {
  const names = (await readdir(folder).catch(() => [])).filter((name) => name.endsWith(".md"));
  if (names.length === 0) return undefined;
  if (names.length > 1) {
    throw new Error(`${folder} must hold one .md file, got ${JSON.stringify(names.sort())}`);
  }
  const path = join(folder, names[0]!);
  const status = await lstat(path);
  if (!status.isFile() || status.size > MOST) {
    throw new Error(
      `${path} must be a plain file of at most ${MOST} bytes, got ${status.isFile() ? `${status.size} bytes` : "something else"}`,
    );
  }
  return readFile(path, "utf8");
}
