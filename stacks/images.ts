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

/** Folders that builds make and no image reads, as each `.dockerignore` says. */
const IGNORED = new Set(["node_modules", ".cache", ".strapi", "build", "types", ".tmp"]);

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

/** The build context of a service that its Dockerfile builds from source: all files of `services/<service>`. */
export function sourceContext(service: string, baseImage: string): BuildContext {
  const folder = join("services", service);
  return { folder, inputsDigest: digestOf(folder, filesBelow(folder), baseImage) };
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

function filesBelow(folder: string, below = ""): string[] {
  return readdirSync(join(folder, below), { withFileTypes: true })
    .filter((entry) => !IGNORED.has(entry.name) && entry.name !== "dist")
    .flatMap((entry) => {
      const path = join(below, entry.name);
      return entry.isDirectory() ? filesBelow(folder, path) : [path];
    });
}

/** Writes a file in one step, unless it has that content: two previews at once do not see half of it. */
function writeWhole(path: string, content: Uint8Array): void {
  mkdirSync(join(path, ".."), { recursive: true });
  const temporary = `${path}.${process.pid}`;
  writeFileSync(temporary, content);
  // Whatever the umask: the service's user reads it in the image.
  chmodSync(temporary, 0o644);
  renameSync(temporary, path);
}
