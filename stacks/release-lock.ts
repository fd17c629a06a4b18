import { existsSync } from "node:fs";
import { join } from "node:path";
import { canonicalJson, digestOf } from "./canonical-json.ts";
import { readJson } from "./read-json.ts";
import { isReleaseId, readRelease, type Release } from "./releases.ts";

/** Which release an environment runs, `releases/<environment>.lock.json`; written by promote and rollback only. */
export interface ReleaseLock {
  readonly version: 1;
  readonly environment: string;
  /** Id of the release. */
  readonly release: string;
  /** Ids of the releases that the environment ran before and that were verified there, oldest first: the way back. */
  readonly verified: readonly string[];
}

/** How many releases the way back holds. */
const LONGEST_WAY_BACK = 20;

/** The release that the lock of an environment names; undefined if nothing was promoted to it yet. */
export function readLockedRelease(environment: string, folder = "releases"): Release | undefined {
  const lock = readLock(environment, folder);
  return lock && readRelease(lock.release, folder);
}

/**
 * The lock of an environment.
 *
 * @returns undefined if nothing was promoted to it yet.
 * @throws Error if the file is not what promote or rollback wrote.
 */
export function readLock(environment: string, folder = "releases"): ReleaseLock | undefined {
  const path = join(folder, `${environment}.lock.json`);
  if (!existsSync(path)) return undefined;
  const { digest, ...lock } = readJson(path) as ReleaseLock & { digest?: unknown };
  if (digest !== digestOf(lock) || !isReleaseId(lock.release)) {
    throw new Error(
      `${path} must hold what npm run promote wrote, got content that was edited by hand; restore the file from Git, then promote or roll back`,
    );
  }
  if (lock.environment !== environment) {
    throw new Error(
      `${path} must be the lock of ${environment}, got that of ${JSON.stringify(lock.environment)}; restore the file from Git, then promote`,
    );
  }
  return lock;
}

/** Text of the file of a lock: with a digest of the rest, so that an edit by hand is noticed. */
export function lockText(lock: ReleaseLock): string {
  return `${canonicalJson({ ...lock, digest: digestOf(lock) })}\n`;
}

/**
 * The lock after a promotion.
 *
 * @param current the lock before it.
 * @param isVerified whether the environment verified the release of `current`: only then it is on the way back.
 */
export function promotedLock(
  current: ReleaseLock | undefined,
  { environment, release, isVerified }: PromotedTo,
): ReleaseLock {
  if (!current) return { version: 1, environment, release, verified: [] };
  if (current.release === release) return current;
  const before = isVerified ? [...current.verified, current.release] : current.verified;
  return { ...current, release, verified: before.slice(-LONGEST_WAY_BACK) };
}

/** What a promotion gives to which environment. */
export interface PromotedTo {
  readonly environment: string;
  readonly release: string;
  readonly isVerified: boolean;
}

/** The lock after a return to the last verified release; undefined if there is no way back. */
export function returnedLock(current: ReleaseLock): ReleaseLock | undefined {
  const release = current.verified.at(-1);
  if (release === undefined) return undefined;
  return { ...current, release, verified: current.verified.slice(0, -1) };
}
