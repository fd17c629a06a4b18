import { readFile } from "node:fs/promises";
import type { Digest } from "./digest.ts";
import { fingerprintOf } from "./values.ts";

/**
 * The digest of a preview that somebody approved.
 *
 * @throws Error if the file is not a whole `digest.json` of a finished preview of this stack by the engine.
 */
export async function readApproved(path: string, stack: string): Promise<Digest> {
  const rule = `--approved must name a digest.json that npm run preview -- --stack ${stack} --out DIR wrote`;
  const wrong = (found: string): Error => new Error(`${rule}, got ${found} in ${path}`);
  const text = await readFile(path, "utf8").catch(() => {
    throw new Error(`${rule}, found no file at ${path}`);
  });
  let digest: Digest;
  try {
    digest = JSON.parse(text) as Digest;
  } catch {
    throw wrong("something that is no JSON");
  }
  if (digest?.version !== 1) throw wrong(`version ${JSON.stringify(digest?.version)}`);
  if (digest.stack !== stack) throw wrong(`stack ${JSON.stringify(digest.stack)}`);
  if (digest.about !== "preview") throw wrong(`a report of ${JSON.stringify(digest.about)}`);
  if (digest.tier !== "engine") throw wrong("one that the program made under mocks");
  if (!digest.complete) throw wrong("a preview that ended early");
  if (digest.fingerprint !== fingerprintOf(stack, digest.changes)) {
    throw wrong("changes that are not those of its fingerprint");
  }
  return digest;
}
