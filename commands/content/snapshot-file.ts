import { existsSync, readdirSync } from "node:fs";
import { join } from "node:path";
import { canonicalJson } from "../../stacks/canonical-json.ts";
import { readJson } from "../../stacks/read-json.ts";
import { releasesFolder } from "../releases/verification.ts";
import { writeWhole } from "../../local/write-whole.ts";
import { snapshotDigest, type Snapshot } from "./snapshot.ts";

/** Keeps a snapshot as `releases/content/<digest>.json` and returns its digest; one that is there already stays. */
export async function writeSnapshot(snapshot: Snapshot, folder = releasesFolder): Promise<string> {
  const digest = snapshotDigest(snapshot);
  const path = pathOf(digest, folder);
  if (!existsSync(path)) await writeWhole(path, `${canonicalJson(snapshot)}\n`);
  return digest;
}

/**
 * The snapshot with a digest.
 *
 * @throws Error if there is none, or its content is not what was sealed.
 */
export function readSnapshot(digest: string, folder = releasesFolder): Snapshot {
  const path = pathOf(digest, folder);
  if (!existsSync(path)) {
    throw new Error(
      `content ${digest} must be in this clone, found no ${path}; restore the file from Git`,
    );
  }
  const snapshot = readJson(path) as Snapshot;
  const found = snapshotDigest(snapshot);
  if (found !== digest) {
    throw new Error(
      `${path} must hold what was sealed, got content ${found}; restore the file from Git`,
    );
  }
  return snapshot;
}

/** All snapshots of a clone. */
export function readSnapshots(folder = releasesFolder): Snapshot[] {
  const content = join(folder, "content");
  if (!existsSync(content)) return [];
  return readdirSync(content)
    .filter((file) => /^[0-9a-f]{64}\.json$/.test(file))
    .map((file) => readSnapshot(`sha256:${file.slice(0, 64)}`, folder));
}

function pathOf(digest: string, folder: string): string {
  if (!/^sha256:[0-9a-f]{64}$/.test(digest)) {
    throw new Error(
      `a release's content must be a digest sha256:…, got ${JSON.stringify(digest)}; restore releases/ from Git`,
    );
  }
  return join(folder, "content", `${digest.slice("sha256:".length)}.json`);
}
