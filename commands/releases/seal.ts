import { readdirSync } from "node:fs";
import { join } from "node:path";
import { digestOf } from "../../stacks/canonical-json.ts";
import { configKeys } from "../../stacks/config-keys.ts";
import type { Release } from "../../stacks/releases.ts";
import { dataDigests } from "../../stacks/sealed-data.ts";

/** What a release is sealed from, beside the files of the clone. */
export interface SealInputs {
  /** Folder of the clone. */
  readonly clone: string;
  /** `<repository>@sha256:…` of each image. */
  readonly images: Release["images"];
  /** `sha256:…` of the content that the stack's CMS has published. */
  readonly content: string;
  /** Commit that the clone is at, 40 hexadecimal digits. */
  readonly commit: string;
}

/** The release of what a stack runs and the clone holds; the same inputs give the same release. */
export function sealRelease({ clone, images, content, commit }: SealInputs): Release {
  return {
    version: 1,
    images,
    content,
    ...dataDigests(clone),
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
