import { createHash } from "node:crypto";
import { cpSync, readdirSync, readFileSync } from "node:fs";
import { join, relative } from "node:path";
import type { Tool } from "./pins.ts";

/** Environment of every Go build; part of the digest, because it decides what comes out. */
export const buildEnvironment = {
  CGO_ENABLED: "0",
  GOOS: "linux",
  GOARCH: "amd64",
  GOTOOLCHAIN: "local",
  GOWORK: "off",
  // A default.pgo would compile every dependency anew for each binary.
  GOFLAGS: "-trimpath -pgo=off -buildvcs=false -modcacherw",
} as const;

/** Folder of the Go module that becomes `tool`. */
export function recipeFolder(tool: Tool): string {
  return join(import.meta.dirname, "recipes", tool.name);
}

/** Arguments of `go build` but for the output and the package. */
export function buildArguments(tool: Tool): string[] {
  const variables = Object.entries(tool.variables ?? {}).map(
    ([name, value]) => ` -X ${name}=${value}`,
  );
  return [...(tool.tags ? ["-tags", tool.tags] : []), "-ldflags", `-s -w${variables.join("")}`];
}

/** Files of a recipe that are compiled, as sorted paths from its folder. */
export function recipeFiles(tool: Tool): string[] {
  const folder = recipeFolder(tool);
  return readdirSync(folder, { recursive: true, withFileTypes: true })
    .filter((entry) => entry.isFile())
    .map((entry) => relative(folder, join(entry.parentPath, entry.name)))
    .filter((path) => /\.go$|(^|\/)go\.(mod|sum)$/.test(path))
    .sort();
}

/** Copies the recipe to `folder`, so that a build writes nothing into the clone. */
export function copyRecipe(tool: Tool, folder: string): void {
  for (const path of recipeFiles(tool)) cpSync(join(recipeFolder(tool), path), join(folder, path));
}

/** SHA-256 over all that decides what a build yields, as 64 hex digits. Go's own version is not part of it. */
export function recipeDigest(tool: Tool): string {
  const hash = createHash("sha256");
  const add = (name: string, content: string | Buffer): void => {
    hash.update(`${name}\0${content.length}\0`).update(content);
  };
  for (const path of recipeFiles(tool)) add(path, readFileSync(join(recipeFolder(tool), path)));
  add(
    "build",
    JSON.stringify([buildEnvironment, tool.goPackage, buildArguments(tool), tool.embeds ?? null]),
  );
  return hash.digest("hex");
}

/** File name of the artifact: tool, version and the first 16 digits of the recipe's digest. */
export function artifactKey(tool: Tool): string {
  return `${tool.name}-${tool.version}-${recipeDigest(tool).slice(0, 16)}`;
}
