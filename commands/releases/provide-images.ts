import type { Progress } from "../../local/progress.ts";
import { readPlatform } from "../../local/platform.ts";
import type { Release } from "../../stacks/releases.ts";
import { copyImage, imageDigest } from "./registry.ts";

/** A release whose images an environment needs. */
export interface Provision {
  readonly id: string;
  readonly release: Release;
  /** Registry of the environment. @default - the one of this machine */
  readonly registry: string | undefined;
}

/**
 * Makes sure that the environment's registry has every image of a release: where it is another one than this machine's,
 * what it lacks is copied there by digest.
 *
 * @throws Error naming the first image that no registry has any more.
 */
export async function provideImages(
  { id, release, registry }: Provision,
  progress: Progress,
): Promise<void> {
  const from = (await readPlatform()).registry;
  const to = registry ?? from;
  await progress.step(`images of release ${id}`, async (detail) => {
    const copied = await Promise.all(
      Object.values(release.images).map((image) => provide({ image, id, from, to })),
    );
    const count = copied.filter(Boolean).length;
    detail(count > 0 ? `${count} copied to ${to}` : "there already");
  });
}

/** One image on its way. */
interface Transfer {
  /** `<repository>@sha256:…` */
  readonly image: string;
  readonly id: string;
  readonly from: string;
  readonly to: string;
}

/** @returns whether it had to be copied. */
async function provide({ image, id, from, to }: Transfer): Promise<boolean> {
  if (from === to) {
    await imageDigest(`${to}/${image}`);
    return false;
  }
  const isThere = await imageDigest(`${to}/${image}`).then(
    () => true,
    () => false,
  );
  if (isThere) return false;
  await copyImage(`${from}/${image}`, `${to}/${image.split("@")[0]}:${id}`);
  return true;
}
