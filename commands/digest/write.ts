import { join } from "node:path";
import { writeWhole } from "../../local/write-whole.ts";
import type { Digest } from "./digest.ts";
import { markdown } from "./markdown.ts";

/** Writes `digest.md` and `digest.json` into a folder, which is made; a reader never sees half of one. */
export async function writeDigest(folder: string, digest: Digest): Promise<void> {
  await writeWhole(join(folder, "digest.md"), markdown(digest));
  await writeWhole(join(folder, "digest.json"), `${JSON.stringify(digest, null, 2)}\n`);
}
