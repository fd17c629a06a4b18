import { createHash } from "node:crypto";
import { chmodSync, mkdirSync, readFileSync, renameSync, statSync, writeFileSync } from "node:fs";
import { dirname, join } from "node:path";
import { buildSync, version, type BuildOptions } from "esbuild";

/** Where a bundle lies, below its service's folder. */
export const bundlePath = "dist/main.mjs";

/** What is kept of a bundle: the files that it was made of, and a digest of them, of it and of how it was made. */
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

/** Every user reads it in the image. */
const MODE = 0o644;

/** A file system's clock may be behind the process's by its tick, in milliseconds. */
const TICK = 100;

/**
 * Bundles `main.ts` of a service's folder into {@link bundlePath} there. The last bundle is kept with the packages, and taken again
 * where it was made of the same files in the same way: bundling thousands of modules takes seconds, comparing them a tenth of one.
 *
 * @throws Error with esbuild's messages if the service does not bundle.
 */
export function bundle(folder: string): void {
  const content = keptBundle(folder) ?? newBundle(folder);
  const path = join(folder, bundlePath);
  const current = readIfThere(path);
  // Whatever was there before, also its mode.
  if (!current?.equals(content) || (statSync(path).mode & 0o777) !== MODE)
    writeWhole(path, content);
}

/** Where `npm ci` leaves nothing that a commit may have brought: nobody hands in a bundle with what it is said to be made of. */
function keptIn(folder: string, name: "main.mjs" | "made.json"): string {
  return join("node_modules", ".cache", "bundles", folder, name);
}

function keptBundle(folder: string): Buffer | undefined {
  try {
    const { files, digest } = JSON.parse(readFileSync(keptIn(folder, "made.json"), "utf8")) as Made;
    const content = readFileSync(keptIn(folder, "main.mjs"));
    return digest === digestOf(files, content) ? content : undefined;
  } catch {
    // Never made, half gone, or one of its files is gone.
    return undefined;
  }
}

function newBundle(folder: string): Buffer {
  const begun = Date.now() - TICK;
  const { outputFiles, metafile } = buildSync({
    ...options,
    entryPoints: [join(folder, "main.ts")],
    write: false,
    metafile: true,
    logLevel: "silent",
  });
  const content = Buffer.from(outputFiles[0]!.contents);
  const files = Object.keys(metafile.inputs);
  const isOlder = (path: string): boolean => {
    const { mtimeMs = Infinity } = statSync(path, { throwIfNoEntry: false }) ?? {};
    return mtimeMs < begun;
  };
  // What was edited meanwhile may be another file than the one that was bundled.
  if (files.every(isOlder)) {
    const made: Made = { files, digest: digestOf(files, content) };
    writeWhole(keptIn(folder, "main.mjs"), content);
    writeWhole(keptIn(folder, "made.json"), JSON.stringify(made));
  }
  return content;
}

/** SHA-256 of a bundle, of the files that it was made of, and of how, as 64 hex digits. */
function digestOf(files: readonly string[], content: Buffer): string {
  const hash = createHash("sha256").update(JSON.stringify([version, options]));
  const add = (path: string, bytes: Buffer): void => {
    hash.update(`\0${path}\0${bytes.length}\0`).update(bytes);
  };
  for (const path of alsoRead) add(path, readIfThere(path) ?? Buffer.alloc(0));
  for (const path of files) add(path, readFileSync(path));
  add(bundlePath, content);
  return hash.digest("hex");
}

function readIfThere(path: string): Buffer | undefined {
  try {
    return readFileSync(path);
  } catch {
    return undefined;
  }
}

/** Writes a file in one step: two previews at once do not see half of it. */
function writeWhole(path: string, content: Uint8Array | string): void {
  mkdirSync(dirname(path), { recursive: true });
  const temporary = `${path}.${process.pid}`;
  writeFileSync(temporary, content);
  // Whatever the umask.
  chmodSync(temporary, MODE);
  renameSync(temporary, path);
}
