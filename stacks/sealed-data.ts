import { existsSync, readdirSync, readFileSync } from "node:fs";
import { join, relative } from "node:path";
import { digestOf } from "./canonical-json.ts";
import type { Release } from "./releases.ts";

/** Digests of what a release holds of the data rooms; null for one that there is not. */
export type SealedData = Pick<Release, "campaigns" | "alerts">;

/**
 * Digests of the data rooms of a clone.
 *
 * @param clone its folder. @default - the one that the program runs in
 */
export function dataDigests(clone = "."): SealedData {
  return {
    campaigns: existsSync(join(clone, "campaigns")) ? roomDigest(clone, "campaigns") : null,
    alerts: roomDigest(clone, "alerts"),
  };
}

/**
 * Checks that what is here is what was sealed: the lock says what is deployed, campaigns and alerts included.
 *
 * @throws Error naming the rooms that differ.
 */
export function requireSealedData(sealed: SealedData, here: SealedData): void {
  const other = (["campaigns", "alerts"] as const).filter((room) => sealed[room] !== here[room]);
  if (other.length === 0) return;
  throw new Error(
    `${other.join(" and ")} must be those of the release, got others in this folder; deploy with npm run up, which takes the release's commit`,
  );
}

/** Digest over path and content of each file of a data room but its tests, which are not deployed. */
function roomDigest(clone: string, room: string): string {
  const paths = readdirSync(join(clone, room), { recursive: true, withFileTypes: true })
    .filter((entry) => entry.isFile())
    .map((entry) => relative(clone, join(entry.parentPath, entry.name)))
    .filter((path) => !path.startsWith(join(room, "tests/")))
    .sort();
  return digestOf(paths.map((path) => [path, readFileSync(join(clone, path), "utf8")]));
}
