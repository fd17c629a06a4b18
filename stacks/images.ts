import { createHash } from "node:crypto";
import {
  chmodSync,
  mkdirSync,
  readdirSync,
  readFileSync,
  renameSync,
  statSync,
  writeFileSync,
} from "node:fs";
import { join } from "node:path";
import { buildSync } from "esbuild";

/** A folder from which an image is built, with the digest of all that the build reads. */
export interface BuildContext {
  /** Relative to the project. */
  readonly folder: string;
  /** SHA-256 over path, mode and content of each file, and the base image. */
  readonly inputsDigest: string;
}

/**
 * The build context of a service that is one bundle: `services/<service>/Dockerfile` and `dist/main.mjs`, made here.
 *
 * @throws Error with esbuild's messages if the service does not bundle.
 */
export function bundledContext(service: string, baseImage: string): BuildContext {
  const folder = join("services", service);
  const { outputFiles } = buildSync({
    entryPoints: [join(folder, "main.ts")],
    bundle: true,
    platform: "node",
    format: "esm",
    target: "node24",
    external: ["pg-native"],
    // The bundle names its modules by path: it must not matter where a clone's dependencies really lie.
    preserveSymlinks: true,
    // Packages in the bundle that are CommonJS call require.
    banner: {
      js: 'import { createRequire } from "node:module"; const require = createRequire(import.meta.url);',
    },
    legalComments: "none",
    write: false,
    logLevel: "silent",
  });
  writeWhole(join(folder, "dist", "main.mjs"), outputFiles[0]!.contents);
  const files = ["Dockerfile", ".dockerignore", "dist/main.mjs"];
  return { folder, inputsDigest: digestOf(folder, files, baseImage) };
}

/**
 * The build context of a service that its Dockerfile builds from source: what `.dockerignore` leaves of
 * `services/<service>`.
 *
 * @throws Error if `.dockerignore` holds a pattern.
 */
export function sourceContext(service: string, baseImage: string): BuildContext {
  const folder = join("services", service);
  const ignored = ignoredNames(join(folder, ".dockerignore"));
  const sent = readdirSync(folder)
    .filter((name) => !ignored.has(name))
    .flatMap((name) => filesBelow(folder, name));
  // The build reads these two, whether they are sent or not.
  const files = new Set([...sent, "Dockerfile", ".dockerignore"]);
  return { folder, inputsDigest: digestOf(folder, [...files], baseImage) };
}

/** What a `.dockerignore` keeps out: like there, a name is one at the top of the folder, not further below. */
function ignoredNames(path: string): Set<string> {
  const names = readFileSync(path, "utf8")
    .split("\n")
    .map((line) => line.trim())
    .filter((line) => line !== "" && !line.startsWith("#"));
  const pattern = names.find((name) => /[*?!/[\]\\]/.test(name));
  if (pattern !== undefined) {
    throw new Error(
      `${path} must hold plain names, got ${JSON.stringify(pattern)}; the image's tag would not follow a pattern`,
    );
  }
  return new Set(names);
}

function digestOf(folder: string, files: readonly string[], baseImage: string): string {
  const hash = createHash("sha256").update(`${baseImage}\n`);
  for (const file of [...files].sort()) {
    const content = readFileSync(join(folder, file));
    // Of the mode, only what git keeps: whether it can be executed.
    const executable = statSync(join(folder, file)).mode & 0o100 ? "x" : "-";
    hash.update(`${file}\n${executable}${content.length}\n`).update(content);
  }
  return hash.digest("hex");
}

/** Paths, relative to `folder`, of the file at `path` or of all files below it. */
function filesBelow(folder: string, path: string): string[] {
  if (!statSync(join(folder, path)).isDirectory()) return [path];
  return readdirSync(join(folder, path)).flatMap((name) => filesBelow(folder, join(path, name)));
}

/** Writes a file in one step: two previews at once do not see half of it. */
function writeWhole(path: string, content: Uint8Array): void {
  mkdirSync(join(path, ".."), { recursive: true });
  const temporary = `${path}.${process.pid}`;
  writeFileSync(temporary, content);
  // Whatever the umask: the service's user reads it in the image.
  chmodSync(temporary, 0o644);
  renameSync(temporary, path);
}
