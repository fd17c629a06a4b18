import { spawn, type ChildProcess } from "node:child_process";
import { once } from "node:events";
import { cp, mkdir, mkdtemp, rm } from "node:fs/promises";
import { join } from "node:path";
import type { Readable } from "node:stream";
import { runPath } from "../cluster/plan.ts";
import { statePath } from "../paths.ts";
import { dockerHost } from "../registry/docker.ts";

/** Command line of the platform's Docker engine; the user's own configuration and credentials are not read. */
export function engineCommand(args: readonly string[]): string[] {
  return [
    "docker",
    `--config=${join(statePath, "config", "docker-client")}`,
    `--host=${dockerHost}`,
    ...args,
  ];
}

/** Whether the engine has `image`. */
export async function hasImage(image: string): Promise<boolean> {
  return engine(["image", "inspect", "--format={{.Id}}", image]).then(
    () => true,
    () => false,
  );
}

/**
 * Builds `image` from a folder with a Dockerfile; the build sees this machine's network.
 *
 * @param options.files what the build finds beside the Dockerfile: name → absolute path.
 * @throws Error with the last lines of the build.
 */
export async function buildImage(
  image: string,
  options: {
    readonly folder: string;
    readonly args: Readonly<Record<string, string>>;
    readonly files?: Readonly<Record<string, string>>;
  },
): Promise<void> {
  await mkdir(runPath, { recursive: true, mode: 0o700 });
  const context = await mkdtemp(join(runPath, "build-"));
  try {
    await cp(options.folder, context, { recursive: true });
    for (const [name, path] of Object.entries(options.files ?? {})) {
      await cp(path, join(context, name), { recursive: true, verbatimSymlinks: true });
    }
    const args = Object.entries(options.args).flatMap(([name, value]) => [
      "--build-arg",
      `${name}=${value}`,
    ]);
    await engine(["build", "--network=host", "--force-rm", `--tag=${image}`, ...args, context]);
  } finally {
    await rm(context, { recursive: true, force: true });
  }
}

/** Pushes `image` under each of `references`, which name the registry. */
export async function pushImage(image: string, references: readonly string[]): Promise<void> {
  for (const reference of references) {
    if (reference !== image) await engine(["tag", image, reference]);
    await engine(["push", "--quiet", reference]);
  }
}

/**
 * Waits for the end of `child`.
 *
 * @param messages where it says what goes wrong. @default - its standard error
 * @throws Error with the last lines of the messages unless it ended well.
 */
export async function completed(
  what: string,
  child: ChildProcess,
  messages: readonly (Readable | null)[] = [child.stderr],
): Promise<void> {
  let output = "";
  const listen = (chunk: Buffer): void => {
    output = (output + chunk.toString()).slice(-4000);
  };
  for (const stream of messages) stream?.on("data", listen);
  const [code, signal] = (await once(child, "close")) as [number | null, string | null];
  if (code !== 0) {
    throw new Error(
      `${what} ended with ${signal ?? `status ${code}`}:\n${output.trim().split("\n").slice(-12).join("\n")}`,
    );
  }
}

async function engine(args: readonly string[]): Promise<void> {
  const [program, ...rest] = engineCommand(args);
  const child = spawn(program!, rest, {
    stdio: ["ignore", "pipe", "pipe"],
    env: { ...process.env, DOCKER_BUILDKIT: "0" },
  });
  await completed(`docker ${args[0]}`, child, [child.stdout, child.stderr]);
}
