import { mkdir, open, rename } from "node:fs/promises";
import { dirname } from "node:path";

/**
 * Writes a file in one step: whoever reads it sees the old content or the new, after a power loss too.
 *
 * @param mode `0o600` for what only its owner may read, in a folder that is made as closed. @default - as the umask has it
 */
export async function writeWhole(path: string, content: string, mode?: 0o600): Promise<void> {
  await mkdir(dirname(path), { recursive: true, ...(mode && { mode: 0o700 }) });
  const unfinished = `${path}.${process.pid}.new`;
  const file = await open(unfinished, "w", mode);
  try {
    await file.writeFile(content);
    await file.sync();
  } finally {
    await file.close();
  }
  await putInPlace(unfinished, path);
}

/** Gives a file that is on the disk its name, which is there after a power loss when this returns. */
export async function putInPlace(unfinished: string, path: string): Promise<void> {
  await rename(unfinished, path);
  const folder = await open(dirname(path));
  try {
    await folder.sync();
  } finally {
    await folder.close();
  }
}
