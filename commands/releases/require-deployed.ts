import { join } from "node:path";
import { readLock } from "../../stacks/release-lock.ts";
import { readRelease } from "../../stacks/releases.ts";

/** What a release was deployed from, and what runs since. */
export interface DeployedRelease {
  readonly stack: string;
  /** Id of the release. */
  readonly release: string;
  /** Folder of the project that was deployed (`deployedFolder`). */
  readonly folder: string;
  /** Image references by service, as the stack exports them. */
  readonly images: Readonly<Record<string, string>>;
}

/**
 * Checks that a stack runs a release, before a proof of the stack is kept as one of the release: somebody at another machine,
 * or with plain pulumi, may have changed it since the update.
 *
 * @throws Error with the lock or the image that is another one's.
 */
export function requireDeployed({ stack, release, folder, images }: DeployedRelease): void {
  const remedy = `what was proved is not that release; npm run up -- --stack ${stack} deploys what the lock names`;
  const releases = join(folder, "releases");
  const locked = readLock(stack, releases)?.release;
  if (locked !== release) {
    throw new Error(
      `stack ${stack} must be deployed from release ${release}, got ${locked ?? "no lock"} in ${folder}; ${remedy}`,
    );
  }
  for (const [service, image] of Object.entries(readRelease(release, releases).images)) {
    const running = images[service];
    if (running?.endsWith(`/${image}`)) continue;
    throw new Error(
      `the ${service} of stack ${stack} must run ${image} of release ${release}, got ${running ?? "nothing"}; ${remedy}`,
    );
  }
}
