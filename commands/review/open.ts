import { statePath } from "../../local/paths.ts";
import { withLock } from "../../local/toolchain/lock.ts";
import { pulumiOutput } from "../engine/pulumi.ts";
import { writeReviewConfig } from "./config.ts";
import { freePortBase } from "./ports.ts";
import { reviewStacks, setExpiry, setPortBase } from "./stacks.ts";

/** Runs `work` while no other command of this machine opens or clears away review stacks. */
export function withReviewLock<T>(work: () => Promise<T>): Promise<T> {
  const tell = (): void => {
    process.stderr.write("… waiting for another npm run review\n");
  };
  // Beside the state, which a purge removes.
  return withLock(`${statePath}.review.lock`, tell, work);
}

/**
 * Gives a review stack all that it needs before it is deployed: its place in the backend, an expiry, ports, and its
 * configuration in this clone. What an earlier run gave it stays, but for the expiry.
 */
export async function openReviewStack(
  stack: string,
  expiresAt: Date,
  environment: Record<string, string>,
): Promise<void> {
  await withReviewLock(async () => {
    const former = (await reviewStacks(environment)).find((each) => each.stack === stack);
    if (!former) await pulumiOutput(["stack", "init", "--no-select", stack], environment);
    await setExpiry(stack, expiresAt, environment);
    const portBase = former?.portBase ?? (await freePortBase(environment));
    if (former?.portBase === undefined) await setPortBase(stack, portBase, environment);
    await writeReviewConfig(stack, portBase);
  });
}
