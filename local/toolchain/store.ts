import { createHash } from "node:crypto";
import {
  chmodSync,
  createReadStream,
  mkdirSync,
  readFileSync,
  renameSync,
  rmSync,
  statSync,
  writeFileSync,
} from "node:fs";
import { join } from "node:path";
import { pipeline } from "node:stream/promises";
import { cachePath } from "../paths.ts";

/** Where an artifact came from when it entered the store. */
export type Origin = "mirror" | "built";

/** What is known of a stored artifact; lies beside it as `<key>.json`. */
export interface Receipt {
  readonly origin: Origin;
  /** SHA-256 of the binary, 64 hex digits. */
  readonly sha256: string;
  readonly bytes: number;
  /** When the binary was last written, in milliseconds since 1970, as the file system has it. */
  readonly modified: number;
}

/** Folder of all artifacts of this machine, shared by all clones. */
export const storePath = join(cachePath, "toolchain");

export function artifactPath(key: string): string {
  return join(storePath, "artifacts", key);
}

/** Lock that one process holds while it makes the artifact. */
export function lockPath(key: string): string {
  return join(storePath, "locks", key);
}

/**
 * A fresh folder in which one artifact is made; on the store's file system, so that the result can be renamed into it.
 *
 * What a killed process left there is removed: call it only under the artifact's lock.
 */
export function workFolder(key: string): string {
  const folder = join(storePath, "work", key);
  rmSync(folder, { recursive: true, force: true });
  mkdirSync(folder, { recursive: true });
  return folder;
}

export function removeWorkFolder(key: string): void {
  rmSync(join(storePath, "work", key), { recursive: true, force: true });
}

/**
 * The receipt of an artifact that is stored and unchanged, else undefined.
 *
 * Its digest was taken when it was stored; afterwards size and time of the last write stand for it, which costs
 * nothing on every command. A file that was touched is read and compared again.
 */
export async function storedArtifact(key: string): Promise<Receipt | undefined> {
  const receipt = readReceipt(key);
  const file = statSync(artifactPath(key), { throwIfNoEntry: false });
  if (!receipt || !file || file.size !== receipt.bytes) return undefined;
  if (file.mtimeMs === receipt.modified) return receipt;
  return verifiedArtifact(key);
}

/** As {@link storedArtifact}, but reads the whole file; one without its digest is forgotten, so that it is made anew. */
export async function verifiedArtifact(key: string): Promise<Receipt | undefined> {
  const receipt = readReceipt(key);
  const file = statSync(artifactPath(key), { throwIfNoEntry: false });
  if (!receipt || !file) return undefined;
  if ((await fileDigest(artifactPath(key))) !== receipt.sha256) {
    rmSync(receiptPath(key));
    return undefined;
  }
  return writeReceipt(key, { ...receipt, modified: file.mtimeMs });
}

/** Moves a finished binary into the store, in one step, and writes its receipt. */
export async function storeArtifact(key: string, binary: string, origin: Origin): Promise<Receipt> {
  chmodSync(binary, 0o555);
  const sha256 = await fileDigest(binary);
  mkdirSync(join(storePath, "artifacts"), { recursive: true });
  renameSync(binary, artifactPath(key));
  const { size, mtimeMs } = statSync(artifactPath(key));
  return writeReceipt(key, { origin, sha256, bytes: size, modified: mtimeMs });
}

/** SHA-256 of a file, 64 hex digits. */
export async function fileDigest(path: string): Promise<string> {
  const hash = createHash("sha256");
  await pipeline(createReadStream(path), hash);
  return hash.digest("hex");
}

function receiptPath(key: string): string {
  return `${artifactPath(key)}.json`;
}

function readReceipt(key: string): Receipt | undefined {
  try {
    return JSON.parse(readFileSync(receiptPath(key), "utf8")) as Receipt;
  } catch {
    return undefined;
  }
}

function writeReceipt(key: string, receipt: Receipt): Receipt {
  const temporary = `${receiptPath(key)}.${process.pid}`;
  writeFileSync(temporary, `${JSON.stringify(receipt, null, 2)}\n`);
  renameSync(temporary, receiptPath(key));
  return receipt;
}
