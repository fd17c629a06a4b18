import { createHash } from "node:crypto";
import { chmodSync, mkdirSync, readFileSync, renameSync, statSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { buildSync, version, type BuildOptions } from "esbuild";

/** Where a bundle lies, below its service's folder. */
export const bundlePath = "dist/main.mjs";

/** What is kept beside a bundle: the files that it was made of, and a digest of them, of it and of how it was made. */
interface Made {
  readonly files: readonly string[];
  readonly digest: string;
}

const options: BuildOptions = {
  bundle: true,
  platform: "node",
  format: "esm",
  target: "node24",
  // MJML's CSS minifier names TypeScript for configuration files that nobody has.
  external: ["pg-native", "typescript"],
  // The bundle names its modules by path: it must not matter where a clone's dependencies really lie.
  preserveSymlinks: true,
  // Packages in the bundle that are CommonJS call require, and ask for their folder.
  banner: {
    js: 'import { createRequire } from "node:module"; const require = createRequire(import.meta.url); const __dirname = import.meta.dirname;',
  },
  legalComments: "none",
};

/** Files that say how others are found and read, where they are there. */
const alsoRead = ["package-lock.json", "package.json", "tsconfig.json"];

/** A file system's clock may be behind the process's by its tick, in milliseconds. */
const TICK = 100;

/**
 * Bundles `main.ts` of a service's folder into {@link bundlePath} there, unless what lies there was made of the same files in the
 * same way: bundling thousands of modules takes seconds, comparing them a tenth of one.
 *
 * @throws Error with esbuild's messages if the service does not bundle.
 */
export function bundle(folder: string): void {
  if (isMade(folder)) return;
  const begun = Date.now() - TICK;
  const { outputFiles, metafile } = buildSync({
    ...options,
    entryPoints: [join(folder, "main.ts")],
    write: false,
    metafile: true,
    logLevel: "silent",
  });
  writeWhole(join(folder, bundlePath), outputFiles[0]!.contents);
  const files = Object.keys(metafile.inputs);
  // What was edited meanwhile may be another file than the one that was bundled.
  if (files.some((path) => statSync(path).mtimeMs >= begun)) return;
  const made: Made = { files, digest: digestOf(folder, files) };
  writeWhole(madePath(folder), JSON.stringify(made));
}

function isMade(folder: string): boolean {
  try {
    const { files, digest } = JSON.parse(readFileSync(madePath(folder), "utf8")) as Made;
    return digest === digestOf(folder, files);
  } catch {
    // Never made, half gone, or one of its files is gone.
    return false;
  }
}

function madePath(folder: string): string {
  return join(folder, "dist", "made.json");
}

/** SHA-256 of a bundle and its mode, of the files that it was made of, and of how, as 64 hex digits. */
function digestOf(folder: string, files: readonly string[]): string {
  const { mode } = statSync(join(folder, bundlePath));
  const hash = createHash("sha256").update(JSON.stringify([version, options, mode]));
  const add = (path: string, content: Buffer): void => {
    hash.update(`\0${path}\0${content.length}\0`).update(content);
  };
  for (const path of alsoRead) add(path, readIfThere(path));
  for (const path of [...files, join(folder, bundlePath)]) add(path, readFileSync(path));
  return hash.digest("hex");
}

function readIfThere(path: string): Buffer {
  try {
    return readFileSync(path);
  } catch {
    return Buffer.alloc(0);
  }
}

/** Writes a file in one step: two previews at once do not see half of it. */
function writeWhole(path: string, content: Uint8Array | string): void {
  mkdirSync(join(path, ".."), { recursive: true });
  const temporary = `${path}.${process.pid}`;
  writeFileSync(temporary, content);
  // Whatever the umask: the service's user reads it in the image.
  chmodSync(temporary, 0o644);
  renameSync(temporary, path);
}
