import { createHash } from "node:crypto";
import { existsSync, readdirSync, readFileSync, statSync } from "node:fs";
import { join } from "node:path";
import { parse } from "yaml";

/** What a chart's own files say: the provider alone makes resources of them. */
export interface ChartFiles {
  /** Content of `values.yaml`. */
  readonly values: unknown;
  /** SHA-256 of each other file, by path. */
  readonly files: Readonly<Record<string, string>>;
}

/** Reads the chart in a folder; undefined if there is none. */
export function readChart(folder: string): ChartFiles | undefined {
  if (!existsSync(join(folder, "Chart.yaml"))) return undefined;
  const values = join(folder, "values.yaml");
  const digests = filesBelow(folder, "")
    .filter((file) => file !== "values.yaml")
    .map((file) => [file, sha256(readFileSync(join(folder, file)))]);
  return {
    values: existsSync(values) ? parse(readFileSync(values, "utf8")) : {},
    files: Object.fromEntries(digests),
  };
}

function filesBelow(folder: string, path: string): string[] {
  return readdirSync(join(folder, path)).flatMap((name) => {
    const below = join(path, name);
    return statSync(join(folder, below)).isDirectory() ? filesBelow(folder, below) : [below];
  });
}

function sha256(content: Buffer): string {
  return createHash("sha256").update(content).digest("hex");
}
