import { existsSync } from "node:fs";
import { join } from "node:path";
import { digestOf } from "./canonical-json.ts";
import { readJson } from "./read-json.ts";

/** A sealed release, `releases/<id>.json`: what an environment runs, by content. */
export interface Release {
  readonly version: 1;
  /** `<repository>@sha256:…` of each service's image and of PostgreSQL's, without the registry. */
  readonly images: Readonly<Record<"cms" | "collector" | "worker" | "postgres", string>>;
  /** `sha256:…` of the content, `releases/content/<digest>.json`; null in releases of before there was such. */
  readonly content: string | null;
  /** `sha256:…` of the campaigns. */
  readonly campaigns: string | null;
  /** `sha256:…` of the alert catalogue. */
  readonly alerts: string;
  /** `sha256:…` of the keys that the configuration has. */
  readonly configSchema: string;
  /** Migrations of each service's tables, by file name in order; the last one is its level. */
  readonly migrations: Readonly<Record<string, readonly string[]>>;
  /** Commit that it was built from, 40 hexadecimal digits. */
  readonly commit: string;
}

/**
 * The sealed release with this id.
 *
 * @throws Error if there is none, or its content is not what was sealed.
 */
export function readRelease(id: string, folder = "releases"): Release {
  if (!isReleaseId(id)) {
    throw new Error(`a release must be 16 hexadecimal digits, got ${JSON.stringify(id)}`);
  }
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

/** Id of a release: the first 16 hexadecimal digits of the SHA-256 of its canonical JSON. */
export function releaseId(release: Release): string {
  return digestOf(release).slice("sha256:".length, "sha256:".length + 16);
}

/** Whether something has the form of a release's id. */
export function isReleaseId(id: unknown): id is string {
  return typeof id === "string" && /^[0-9a-f]{16}$/.test(id);
}
