import { createHash } from "node:crypto";
import { existsSync, readFileSync } from "node:fs";
import { join } from "node:path";

/** A sealed release, `releases/<id>.json`: what an environment runs, by content. A part that does not exist yet is null. */
export interface Release {
  readonly version: 1;
  /** `<repository>@sha256:…` of each service's image and of PostgreSQL's, without the registry. */
  readonly images: Readonly<Record<"cms" | "collector" | "worker" | "postgres", string>>;
  readonly content: null;
  readonly campaigns: null;
  /** `sha256:…` of the alert catalogue. */
  readonly alerts: string;
  /** `sha256:…` of the keys that the configuration has. */
  readonly configSchema: string;
  /** Last migration of each service, by file name. */
  readonly migrations: Readonly<Record<string, string>>;
  /** Commit that it was built from, 40 hexadecimal digits. */
  readonly commit: string;
}

/**
 * The release that the lock of an environment names.
 *
 * @returns undefined if nothing was promoted to it yet.
 * @throws Error if lock or release were edited by hand or are not there.
 */
export function readLockedRelease(stack: string, folder = "releases"): Release | undefined {
  const path = join(folder, `${stack}.lock.json`);
  if (!existsSync(path)) return undefined;
  const { release: id } = readJson(path) as { release?: unknown };
  if (typeof id !== "string" || !/^[0-9a-f]{16}$/.test(id)) {
    throw new Error(
      `release in ${path} must be 16 hexadecimal digits, got ${JSON.stringify(id)}; write it with npm run promote`,
    );
  }
  return readRelease(id, folder);
}

/**
 * The sealed release with this id.
 *
 * @throws Error if there is none, or its content is not what was sealed.
 */
export function readRelease(id: string, folder = "releases"): Release {
  const path = join(folder, `${id}.json`);
  if (!existsSync(path)) {
    throw new Error(
      `release ${id} must be sealed, found no ${path}; seal one with npm run release`,
    );
  }
  const release = readJson(path) as Release;
  const found = releaseId(release);
  if (found !== id) {
    throw new Error(
      `${path} must hold what was sealed, got content of release ${found}; restore the file from Git`,
    );
  }
  return release;
}

/** Id of a release: the first 16 hexadecimal digits of the SHA-256 of its {@link canonicalJson}. */
export function releaseId(release: Release): string {
  return createHash("sha256").update(canonicalJson(release)).digest("hex").slice(0, 16);
}

/** JSON with keys in order at every level, so that equal content is equal text. */
export function canonicalJson(value: unknown): string {
  return JSON.stringify(
    value,
    (_key, part: unknown) =>
      typeof part === "object" && part !== null && !Array.isArray(part)
        ? Object.fromEntries(Object.entries(part).sort(([a], [b]) => (a < b ? -1 : 1)))
        : part,
    2,
  );
}

function readJson(path: string): unknown {
  try {
    return JSON.parse(readFileSync(path, "utf8"));
  } catch (error) {
    throw new Error(`${path} must be JSON, got: ${(error as Error).message}`, { cause: error });
  }
}
