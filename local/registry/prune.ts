/** A tag in the registry: `repository:tag`, with the digest it points to. */
interface Tag {
  readonly repository: string;
  readonly tag: string;
  readonly digest: string;
}

/** Only repositories below this prefix are ever pruned; base images are the platform's own. */
const PREFIX = "marketing-stack/";

const MANIFEST_TYPES = [
  "application/vnd.docker.distribution.manifest.v2+json",
  "application/vnd.oci.image.manifest.v1+json",
  "application/vnd.docker.distribution.manifest.list.v2+json",
  "application/vnd.oci.image.index.v1+json",
].join(", ");

/**
 * Deletes every image of ours in the registry at `address` (`host:port`) that `kept` does not name.
 *
 * @param kept image references, `<address>/<repository>:<tag>`
 * @returns the references deleted; a digest that a kept tag shares stays.
 * @throws Error if the registry refuses a call.
 */
export async function pruneRegistry(address: string, kept: ReadonlySet<string>): Promise<string[]> {
  const tags = await listTags(address);
  const isKept = ({ repository, tag }: Tag): boolean => kept.has(`${address}/${repository}:${tag}`);
  const keptDigests = new Set(
    tags.filter(isKept).map(({ repository, digest }) => `${repository}@${digest}`),
  );
  const removed: string[] = [];
  for (const each of tags.filter((tag) => !isKept(tag))) {
    const manifest = `${each.repository}@${each.digest}`;
    if (keptDigests.has(manifest)) continue;
    const answer = await fetch(`http://${address}/v2/${each.repository}/manifests/${each.digest}`, {
      method: "DELETE",
    });
    // Two tags of one digest: the first deletion takes the manifest of both.
    if (answer.status !== 202 && answer.status !== 404) throw refused("DELETE", manifest, answer);
    removed.push(`${address}/${each.repository}:${each.tag}`);
  }
  return removed;
}

async function listTags(address: string): Promise<Tag[]> {
  const { repositories } = await get<{ repositories: string[] }>(address, "_catalog?n=1000");
  const ours = repositories.filter((name) => name.startsWith(PREFIX));
  const lists = await Promise.all(
    ours.map(async (repository) => {
      const { tags } = await get<{ tags: string[] | null }>(
        address,
        `${repository}/tags/list`,
        true,
      );
      return Promise.all(
        (tags ?? []).map(async (tag) => ({
          repository,
          tag,
          digest: await digestOf(address, repository, tag),
        })),
      );
    }),
  );
  return lists.flat();
}

async function digestOf(address: string, repository: string, tag: string): Promise<string> {
  const answer = await fetch(`http://${address}/v2/${repository}/manifests/${tag}`, {
    method: "HEAD",
    headers: { accept: MANIFEST_TYPES },
  });
  const digest = answer.headers.get("docker-content-digest");
  if (!answer.ok || !digest) throw refused("HEAD", `${repository}:${tag}`, answer);
  return digest;
}

async function get<T extends object>(address: string, path: string, mayBeGone = false): Promise<T> {
  const answer = await fetch(`http://${address}/v2/${path}`);
  if (mayBeGone && answer.status === 404) return { tags: null } as T;
  if (!answer.ok) throw refused("GET", path, answer);
  return (await answer.json()) as T;
}

function refused(method: string, what: string, answer: Response): Error {
  return new Error(`registry refused ${method} ${what} with status ${answer.status}`);
}
