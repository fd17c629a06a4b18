/** Manifest formats that the platform's images have. */
const FORMATS = [
  "application/vnd.docker.distribution.manifest.v2+json",
  "application/vnd.oci.image.manifest.v1+json",
];

/**
 * Digest (`sha256:…`) of an image in the registry on `host`; undefined when it has none.
 *
 * @param image repository and tag or digest: `library/node:24`.
 * @throws Error if the registry does not answer as one.
 */
export async function imageDigest(host: string, image: string): Promise<string | undefined> {
  const [, repository, reference] = /^(.+?)[:@](.+)$/.exec(image) ?? [];
  if (!repository) throw new Error(`image must have a tag or digest, got ${JSON.stringify(image)}`);
  const answer = await fetch(`http://${host}/v2/${repository}/manifests/${reference}`, {
    method: "HEAD",
    headers: { accept: FORMATS.join(", ") },
  });
  if (answer.status === 404) return undefined;
  const digest = answer.headers.get("docker-content-digest");
  if (!answer.ok || !digest)
    throw new Error(`the registry on ${host} must answer for ${image}, got ${answer.status}`);
  return digest;
}
