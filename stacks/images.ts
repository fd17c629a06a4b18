import { createHash } from "node:crypto";
import { lstatSync, readdirSync, readFileSync, readlinkSync } from "node:fs";
import { join } from "node:path";
import { bundle, bundlePath } from "./bundle.ts";

/** What an image is built from: the arguments of `ServiceImage`, and the digest of all that decides its content. */
export interface BuildContext {
  /** Folder, relative to the project. */
  readonly context: string;
  readonly baseImage: string;
  readonly hostNetwork: boolean;
  /** SHA-256 over path, kind, mode and content of each entry of the folder that is sent, and the build's arguments. */
  readonly inputsDigest: string;
}

/** How a folder is built. */
export type BuildArguments = Pick<BuildContext, "baseImage"> &
  Partial<Pick<BuildContext, "hostNetwork">>;

/**
 * The build context of a service that is one bundle: `services/<service>/Dockerfile` and `dist/main.mjs`, made here.
 *
 * @throws Error with esbuild's messages if the service does not bundle, or if `.dockerignore` lets more in than the bundle.
 */
export function bundledContext(service: string, build: BuildArguments): BuildContext {
  const folder = join("services", service);
  requireBundleOnly(join(folder, ".dockerignore"));
  bundle(folder);
  return contextOf(folder, ["Dockerfile", ".dockerignore", bundlePath], build);
}

/**
 * The build context of a service that its Dockerfile builds from source: what `.dockerignore` leaves of
 * `services/<service>`.
 *
 * @throws Error if `.dockerignore` holds a pattern.
 */
export function sourceContext(service: string, build: BuildArguments): BuildContext {
  const folder = join("services", service);
  const ignored = ignoredNames(join(folder, ".dockerignore"));
  const sent = readdirSync(folder)
    .filter((name) => !ignored.has(name))
    .flatMap((name) => entriesBelow(folder, name));
  // The build reads these two, whether they are sent or not.
  return contextOf(folder, [...new Set([...sent, "Dockerfile", ".dockerignore"])], build);
}

/** Checks that a bundle's folder sends nothing that its digest does not cover. */
function requireBundleOnly(path: string): void {
  const text = readFileSync(path, "utf8");
  if (text !== "*\n!dist/main.mjs\n") {
    throw new Error(
      `${path} must let in the bundle alone ("*", "!dist/main.mjs"), got ${JSON.stringify(text)}; the image's tag would not follow the rest`,
    );
  }
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

function contextOf(
  folder: string,
  entries: readonly string[],
  { baseImage, hostNetwork = false }: BuildArguments,
): BuildContext {
  const hash = createHash("sha256").update(`${JSON.stringify({ baseImage, hostNetwork })}\n`);
  for (const entry of [...entries].sort()) {
    const { kind, mode, content } = sentEntry(join(folder, entry));
    hash.update(`${JSON.stringify([entry, kind, mode, content.length])}\n`).update(content);
  }
  return { context: folder, baseImage, hostNetwork, inputsDigest: hash.digest("hex") };
}

/** One entry of a folder as the builder gets it: a link stays a link, and modes arrive in the image. */
function sentEntry(path: string): { kind: string; mode: number; content: Buffer } {
  const stats = lstatSync(path);
  if (stats.isSymbolicLink()) {
    return { kind: "link", mode: 0, content: Buffer.from(readlinkSync(path)) };
  }
  const mode = stats.mode & 0o7777;
  if (stats.isDirectory()) return { kind: "folder", mode, content: Buffer.alloc(0) };
  return { kind: "file", mode, content: readFileSync(path) };
}

/** Paths, relative to `folder`, of what is at `path` and of all below it. */
function entriesBelow(folder: string, path: string): string[] {
  if (!lstatSync(join(folder, path)).isDirectory()) return [path];
  return [
    path,
    ...readdirSync(join(folder, path)).flatMap((name) => entriesBelow(folder, join(path, name))),
  ];
}
