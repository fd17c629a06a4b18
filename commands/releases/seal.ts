import { existsSync, readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { digestOf } from "../../stacks/canonical-json.ts";
import { configKeys } from "../../stacks/config-keys.ts";
import type { Release } from "../../stacks/releases.ts";

/** What a release is sealed from, beside the files of the clone. */
export interface SealInputs {
  /** Folder of the clone. */
  readonly clone: string;
  /** `<repository>@sha256:…` of each image. */
  readonly images: Release["images"];
  /** Commit that the clone is at, 40 hexadecimal digits. */
  readonly commit: string;
}

/** The release of what a stack runs and the clone holds; the same inputs give the same release. */
export function sealRelease({ clone, images, commit }: SealInputs): Release {
  return {
    version: 1,
    images,
    content: null,
    campaigns: existsSync(join(clone, "campaigns")) ? folderDigest(clone, "campaigns") : null,
    alerts: folderDigest(clone, "alerts"),
    configSchema: digestOf([...configKeys].sort()),
    migrations: Object.fromEntries(
      ["collector", "worker"].map((service) => [
        service,
        readdirSync(join(clone, "services", service, "migrations"))
          .filter((file) => file.endsWith(".sql"))
          .sort(),
      ]),
    ),
    commit,
  };
}

/** Digest over path and content of each file of a data room but its tests, which are not deployed. */
function folderDigest(clone: string, folder: string): string {
  const paths = readdirSync(join(clone, folder), { recursive: true, withFileTypes: true })
    .filter((entry) => entry.isFile())
    .map((entry) => join(entry.parentPath, entry.name).slice(clone.length + 1))
    .filter((path) => !path.startsWith(join(folder, "tests/")))
    .sort();
  return digestOf(paths.map((path) => [path, readFileSync(join(clone, path), "utf8")]));
}
