import { execFile } from "node:child_process";
import { readdir, rm } from "node:fs/promises";
import { join } from "node:path";
import { promisify } from "node:util";
import { engineCommand } from "../images/engine.ts";
import { statePath } from "../paths.ts";
import { whileDown } from "../supervisor/supervisor.ts";
import { waitFor } from "../wait.ts";
import { answers } from "../cluster/probe.ts";
import { imageDigest } from "./manifest.ts";
import { registryConfigPath } from "./registry.ts";

/** Repositories of the stacks' own images; the base images lie elsewhere and stay. */
const REPOSITORIES = "marketing-stack/";

/**
 * Removes images from the registry on `host`, and from the Docker engine.
 *
 * The registry is down for the seconds in which it gives the disk space back.
 *
 * @returns the references that are gone.
 * @throws Error if the registry does not answer as one.
 */
export async function removeImages(
  host: string,
  unused: readonly TaggedImage[],
): Promise<string[]> {
  for (const { repository, digest } of unused) {
    const { status } = await fetch(`http://${host}/v2/${repository}/manifests/${digest}`, {
      method: "DELETE",
    });
    // 404: another tag of the same image was before it.
    if (status !== 202 && status !== 404)
      throw new Error(`the registry must delete ${repository}, got ${status}`);
  }
  await whileDown("registry", async () => {
    await promisify(execFile)(
      "docker-registry",
      ["garbage-collect", "--delete-untagged", registryConfigPath],
      {
        maxBuffer: 64 * 1024 * 1024,
      },
    );
    await removeEmptyRepositories();
  });
  await waitFor("registry", 30, async () => (await answers(`http://${host}/v2/`)) || undefined);
  const removed = unused.map(({ reference }) => reference);
  for (const reference of removed) await removeFromEngine(reference);
  return removed.sort();
}

/** One tag in the registry. */
export interface TaggedImage {
  readonly repository: string;
  /** `sha256:…` */
  readonly digest: string;
  /** Host, repository and tag. */
  readonly reference: string;
}

/**
 * Those of `images` whose content nobody uses: deleting one tag deletes all tags of the same content.
 *
 * @param inUse references with tag or digest, as the stacks name them.
 */
export function unusedImages(
  images: readonly TaggedImage[],
  inUse: ReadonlySet<string>,
): TaggedImage[] {
  const keyOf = ({ repository, digest }: TaggedImage): string => `${repository}@${digest}`;
  const used = new Set(
    images
      .filter(
        (image) =>
          inUse.has(image.reference) || [...inUse].some((one) => one.endsWith(`/${keyOf(image)}`)),
      )
      .map(keyOf),
  );
  return images.filter((image) => !used.has(keyOf(image)));
}

/**
 * Images of the stacks in the registry on `host`.
 *
 * @throws Error if the registry does not answer as one.
 */
export async function taggedImages(host: string): Promise<TaggedImage[]> {
  const { repositories } = await read<{ repositories: string[] }>(
    `http://${host}/v2/_catalog?n=1000`,
  );
  const images: TaggedImage[] = [];
  for (const repository of repositories.filter((name) => name.startsWith(REPOSITORIES))) {
    const { tags } = await read<{ tags: string[] | null }>(
      `http://${host}/v2/${repository}/tags/list`,
    );
    for (const tag of tags ?? []) {
      const digest = await imageDigest(host, `${repository}:${tag}`);
      if (digest) images.push({ repository, digest, reference: `${host}/${repository}:${tag}` });
    }
  }
  return images;
}

async function read<T>(url: string): Promise<T> {
  const answer = await fetch(url);
  if (answer.status === 404) return { tags: null } as T;
  if (!answer.ok) throw new Error(`GET ${url} must answer 200, got ${answer.status}`);
  return (await answer.json()) as T;
}

/** The registry keeps the name of a repository without tags; its folder is all there is of it. */
async function removeEmptyRepositories(): Promise<void> {
  const folder = join(
    statePath,
    "registry",
    "docker",
    "registry",
    "v2",
    "repositories",
    REPOSITORIES,
  );
  for (const name of await readdir(folder).catch(() => [])) {
    const tags = await readdir(join(folder, name, "_manifests", "tags")).catch(() => []);
    if (tags.length === 0) await rm(join(folder, name), { recursive: true, force: true });
  }
}

async function removeFromEngine(reference: string): Promise<void> {
  const [program, ...args] = engineCommand(["image", "rm", "--force", reference]);
  // Built on another machine or removed already: then there is nothing to remove.
  await promisify(execFile)(program!, args).catch(() => undefined);
}
