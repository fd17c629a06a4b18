import { mkdir, rename, writeFile } from "node:fs/promises";
import { join } from "node:path";
import type { Digest } from "./digest.ts";
import { markdown } from "./markdown.ts";

/** Writes `digest.md` and `digest.json` into a folder, which is made; a reader never sees half of one. */
export async function writeDigest(folder: string, digest: Digest): Promise<void> {
  await mkdir(folder, { recursive: true });
  await writeWhole(join(folder, "digest.md"), markdown(digest));
  await writeWhole(join(folder, "digest.json"), `${JSON.stringify(digest, null, 2)}\n`);
}

async function writeWhole(path: string, text: string): Promise<void> {
  await writeFile(`${path}.new`, text);
  await rename(`${path}.new`, path);
}
