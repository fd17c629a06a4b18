import {
  createReadStream,
  createWriteStream,
  mkdirSync,
  readFileSync,
  renameSync,
  rmSync,
  statSync,
  writeFileSync,
} from "node:fs";
import { join } from "node:path";
import { pipeline } from "node:stream/promises";
import { constants, createZstdCompress } from "node:zlib";
import type { Progress } from "../progress.ts";
import { parseSums } from "./mirror.ts";
import type { Tool } from "./pins.ts";
import { artifactKey } from "./recipe.ts";
import { artifactPath, fileDigest } from "./store.ts";

/** Halves the size of the fastest level in a quarter of the time of the strongest. */
const LEVEL = 9;

/**
 * Fills `folder` so that `TOOLCHAIN_MIRROR=folder` compiles nothing: the stored artifact of each tool, compressed, and
 * SHA256SUMS.
 *
 * What is there already with its digest is left; artifacts of other versions stay listed.
 */
export async function exportMirror(
  folder: string,
  tools: readonly Tool[],
  progress: Progress,
): Promise<void> {
  mkdirSync(folder, { recursive: true });
  const list = join(folder, "SHA256SUMS");
  const sums = readSums(list);
  for (const [index, tool] of tools.entries()) {
    const file = `${artifactKey(tool)}.zst`;
    await progress.step(`exporting ${file} (${index + 1} of ${tools.length})`, async (detail) => {
      const path = join(folder, file);
      if (sums.has(file) && (await digestOf(path)) === sums.get(file)) return detail("is there");
      await compress(artifactPath(artifactKey(tool)), path);
      sums.set(file, await fileDigest(path));
      writeSums(list, sums);
    });
  }
}

async function compress(from: string, to: string): Promise<void> {
  const temporary = `${to}.${process.pid}`;
  try {
    const compressor = createZstdCompress({
      params: { [constants.ZSTD_c_compressionLevel]: LEVEL },
    });
    await pipeline(createReadStream(from), compressor, createWriteStream(temporary));
    renameSync(temporary, to);
  } finally {
    rmSync(temporary, { force: true });
  }
}

async function digestOf(path: string): Promise<string | undefined> {
  return statSync(path, { throwIfNoEntry: false }) ? fileDigest(path) : undefined;
}

function readSums(list: string): Map<string, string> {
  if (!statSync(list, { throwIfNoEntry: false })) return new Map();
  return parseSums(readFileSync(list, "utf8"), list);
}

function writeSums(list: string, sums: ReadonlyMap<string, string>): void {
  const lines = [...sums].sort().map(([file, digest]) => `${digest}  ${file}\n`);
  writeFileSync(`${list}.${process.pid}`, lines.join(""));
  renameSync(`${list}.${process.pid}`, list);
}
