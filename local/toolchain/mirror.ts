import { createHash } from "node:crypto";
import { createReadStream, createWriteStream, readFileSync, renameSync } from "node:fs";
import { join } from "node:path";
import { PassThrough, Readable, Transform } from "node:stream";
import { pipeline } from "node:stream/promises";
import { createZstdDecompress } from "node:zlib";
import type { Progress } from "../progress.ts";
import { withLock } from "./lock.ts";
import type { Tool } from "./pins.ts";
import { artifactKey } from "./recipe.ts";
import {
  lockPath,
  removeWorkFolder,
  storeArtifact,
  storedArtifact,
  workFolder,
  type Receipt,
} from "./store.ts";

/** How long a mirror may take to answer with its list, in milliseconds. */
const LIST_TIMEOUT = 30_000;

const REMEDY = `fill it with "npm run toolchain -- --export DIR" or unset TOOLCHAIN_MIRROR`;

/** A folder or an HTTP server with artifacts, `<key>.zst` or plain `<key>`, and their SHA256SUMS. */
export interface Mirror {
  /** As the user gave it. */
  readonly location: string;
  /** File name → SHA-256, 64 hex digits. */
  readonly sums: ReadonlyMap<string, string>;
}

/**
 * The mirror at a folder's path or an http(s) URL, with its list read.
 *
 * @throws Error if there is no readable list of digests.
 */
export async function openMirror(location: string): Promise<Mirror> {
  const list = await readList(location).catch((error: Error) => {
    throw new Error(
      `TOOLCHAIN_MIRROR must be a folder or http(s) URL with a file SHA256SUMS, got ${JSON.stringify(location)} (${reason(error)}); ${REMEDY}`,
    );
  });
  return { location, sums: parseSums(list, addressOf(location, "SHA256SUMS")) };
}

/**
 * The lines of a SHA256SUMS file as `sha256sum` writes them.
 *
 * @throws Error naming the line that is none.
 */
export function parseSums(text: string, name: string): Map<string, string> {
  const sums = new Map<string, string>();
  for (const line of text.split("\n").filter((line) => line.trim() !== "")) {
    const [, digest, file] = /^([0-9a-f]{64}) [ *]([\w.+-]+)$/.exec(line.trimEnd()) ?? [];
    if (!digest || !file) {
      throw new Error(
        `${name} must hold lines of a SHA-256 digest and a file name, got ${JSON.stringify(line)}; ${REMEDY}`,
      );
    }
    sums.set(file, digest);
  }
  return sums;
}

/** Name of the mirror's file for `tool`, undefined if the mirror does not list it. */
export function mirroredFile(mirror: Mirror, tool: Tool): string | undefined {
  const key = artifactKey(tool);
  return [`${key}.zst`, key].find((file) => mirror.sums.has(file));
}

/**
 * Copies `tool` from the mirror into the store; what does not have its digest never gets there.
 *
 * @throws Error naming file, expected and found digest, or the file that cannot be read.
 */
export function fetchTool(
  tool: Tool,
  mirror: Mirror,
  title: string,
  progress: Progress,
): Promise<Receipt> {
  const key = artifactKey(tool);
  const file = mirroredFile(mirror, tool)!;
  return progress.step(title, (detail) =>
    withLock(
      lockPath(key),
      () => detail("waiting for another process that fetches it"),
      async () => {
        const stored = await storedArtifact(key);
        if (stored) return stored;
        const folder = workFolder(key);
        try {
          const binary = join(folder, tool.name);
          await download(mirror, file, binary, detail);
          return await storeArtifact(key, binary, "mirror");
        } finally {
          removeWorkFolder(key);
        }
      },
    ),
  );
}

async function download(
  mirror: Mirror,
  file: string,
  binary: string,
  detail: (text: string) => void,
): Promise<void> {
  const address = addressOf(mirror.location, file);
  const hash = createHash("sha256");
  let bytes = 0;
  const measure = new Transform({
    transform(chunk: Buffer, _encoding, done) {
      hash.update(chunk);
      bytes += chunk.length;
      detail(`${Math.round(bytes / 1e6)} MB`);
      done(null, chunk);
    },
  });
  const received = `${binary}.received`;
  await pipeline(await open(address), measure, createWriteStream(received)).catch(
    (error: Error) => {
      throw new Error(
        `${address} must be readable, as SHA256SUMS lists it, got ${reason(error)}; ${REMEDY}`,
      );
    },
  );
  const found = hash.digest("hex");
  const expected = mirror.sums.get(file);
  if (found !== expected) {
    throw new Error(
      `${address} must have the digest that SHA256SUMS gives, expected ${expected}, found ${found}; copy the file again, or ${REMEDY}`,
    );
  }
  if (!file.endsWith(".zst")) return renameSync(received, binary);
  await pipeline(createReadStream(received), createZstdDecompress(), createWriteStream(binary));
}

async function readList(location: string): Promise<string> {
  const address = addressOf(location, "SHA256SUMS");
  if (!isUrl(location)) return readFileSync(address, "utf8");
  const answer = await fetch(address, { signal: AbortSignal.timeout(LIST_TIMEOUT) });
  if (!answer.ok) throw new Error(`status ${answer.status}`);
  return answer.text();
}

async function open(address: string): Promise<Readable> {
  if (!isUrl(address)) return createReadStream(address);
  const answer = await fetch(address);
  if (!answer.ok) throw new Error(`status ${answer.status}`);
  return answer.body ? Readable.fromWeb(answer.body) : new PassThrough().end();
}

function isUrl(location: string): boolean {
  return /^https?:\/\//.test(location);
}

function addressOf(location: string, file: string): string {
  return isUrl(location) ? `${location.replace(/\/+$/, "")}/${file}` : join(location, file);
}

/** `fetch` says "fetch failed" and keeps the reason as its cause. */
function reason(error: Error): string {
  return error.cause instanceof Error ? error.cause.message : error.message;
}
