import { createHash } from "node:crypto";
import { readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { configKeys } from "../../stacks/config.ts";
import { canonicalJson, type Release } from "../../stacks/releases.ts";

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
    campaigns: null,
    alerts: digestOf(
      ["alerts", "alerts/runbooks"].flatMap((folder) =>
        filesOf(join(clone, folder), /\.(yaml|md)$/).map((file) => [
          `${folder}/${file}`,
          readFileSync(join(clone, folder, file), "utf8"),
        ]),
      ),
    ),
    configSchema: digestOf([...configKeys].sort()),
    migrations: Object.fromEntries(
      ["collector", "worker"].map((service) => [
        service,
        filesOf(join(clone, "services", service, "migrations"), /\.sql$/).at(-1) ?? "",
      ]),
    ),
    commit,
  };
}

function filesOf(folder: string, name: RegExp): string[] {
  return readdirSync(folder)
    .filter((file) => name.test(file))
    .sort();
}

function digestOf(content: unknown): string {
  return `sha256:${createHash("sha256").update(canonicalJson(content)).digest("hex")}`;
}
