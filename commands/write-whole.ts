import { mkdir, rename, writeFile } from "node:fs/promises";
import { dirname } from "node:path";

/**
 * Writes a file in one step: whoever reads it sees the old content or the new.
 *
 * @param mode `0o600` for what only its owner may read, in a folder that is made as closed. @default - as the umask has it
 */
export async function writeWhole(path: string, content: string, mode?: 0o600): Promise<void> {
  await mkdir(dirname(path), { recursive: true, ...(mode && { mode: 0o700 }) });
  const unfinished = `${path}.${process.pid}.new`;
  await writeFile(unfinished, content, { ...(mode && { mode }) });
  await rename(unfinished, path);
}
