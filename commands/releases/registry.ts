import { execFile } from "node:child_process";
import { promisify } from "node:util";

const run = promisify(execFile);

/**
 * Digest (`sha256:…`) of an image in its registry, with the login that `docker login` or a credential helper left.
 *
 * @param reference with tag or digest.
 * @throws Error with the registry's answer if there is no such image.
 */
export async function imageDigest(reference: string): Promise<string> {
  const secure = `--tls-verify=${!isLoopback(reference)}`;
  const format = ["--format", "{{.Digest}}"];
  return (await skopeo(["inspect", secure, ...format, `docker://${reference}`], reference)).trim();
}

/**
 * Copies an image from registry to registry, byte for byte, so that its digest stays.
 *
 * @param from with digest.
 * @param to repository and a tag for people, which nothing deploys by.
 * @throws Error with the registry's answer if one of them refuses.
 */
export async function copyImage(from: string, to: string): Promise<void> {
  await skopeo(
    [
      "copy",
      "--preserve-digests",
      `--src-tls-verify=${!isLoopback(from)}`,
      `--dest-tls-verify=${!isLoopback(to)}`,
      `docker://${from}`,
      `docker://${to}`,
    ],
    to,
  );
}

async function skopeo(args: readonly string[], reference: string): Promise<string> {
  try {
    return (await run("skopeo", ["--insecure-policy", ...args], { encoding: "utf8" })).stdout;
  } catch (error) {
    const said = (error as { stderr?: string }).stderr?.trim() || (error as Error).message;
    throw new Error(
      `the registry must have and give ${reference}, got: ${said}; log in with docker login if it asks for that`,
      { cause: error },
    );
  }
}

/** The registry of the local platform speaks http. */
function isLoopback(reference: string): boolean {
  return /^(127\.\d+\.\d+\.\d+|localhost)(:|\/)/.test(reference);
}
