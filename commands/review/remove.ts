import { readdir, rm } from "node:fs/promises";
import { join } from "node:path";
import { statePath } from "../../local/paths.ts";
import type { Progress } from "../../local/progress.ts";
import { monitoringOf, removeUnknownAlerts } from "../engine/alerts.ts";
import { recoverInterrupted } from "../engine/interrupted.ts";
import { pulumiOutput } from "../engine/pulumi.ts";
import { stackSettings } from "../engine/settings.ts";
import { withStackLock } from "../engine/stack-lock.ts";
import { runUpdate } from "../engine/update.ts";
import { configuredReviews, ORIGINAL, removeReviewConfig } from "./config.ts";
import { removeNamespace } from "./leftovers.ts";
import { REVIEW } from "./names.ts";
import { withReviewLock } from "./open.ts";
import { reviewStacks, setExpiry, stackNames } from "./stacks.ts";

/**
 * Removes a review stack of the backend with everything of it: resources, namespace, volumes, state, configuration and
 * credentials. Killed anywhere, it is finished by the next removal or sweep.
 *
 * @throws Error if another command changes the stack, or something of it cannot be removed.
 */
export async function removeReviewStack(
  stack: string,
  environment: Record<string, string>,
  progress: Progress,
): Promise<void> {
  await withStackLock(stack, () => remove(stack, environment, progress));
}

/**
 * Removes a review stack as {@link removeReviewStack}, unless its expiry was renewed since it was looked at, or it is gone.
 *
 * @returns the expiry because of which it stays; undefined if it is gone.
 * @throws Error as removeReviewStack.
 */
export async function removeExpired(
  stack: string,
  environment: Record<string, string>,
  progress: Progress,
): Promise<Date | undefined> {
  // Whoever renews it from here on cannot deploy it.
  return withStackLock(stack, async () => {
    const reviews = await withReviewLock(() => reviewStacks(environment));
    const now = reviews.find((each) => each.stack === stack);
    if (!now) return undefined;
    if (now.expiresAt && now.expiresAt.getTime() > Date.now()) return now.expiresAt;
    await remove(stack, environment, progress);
    return undefined;
  });
}

async function remove(
  stack: string,
  environment: Record<string, string>,
  progress: Progress,
): Promise<void> {
  await progress.step(`removing ${stack}`, async (detail) => {
    // Its own configuration may lie in another clone.
    const settings = await stackSettings(ORIGINAL);
    await recoverInterrupted(stack, environment, settings);
    // From here on a sweep finishes what a kill leaves.
    await setExpiry(stack, new Date(), environment);
    await runUpdate(["destroy", "--yes", "--skip-preview"], { stack, environment }, detail);
    detail("what its state does not know");
    await removeUnknownAlerts(stack, new Set(), await monitoringOf(stack, settings));
    if (settings.platform === "local") await removeNamespace(stack);
    await withReviewLock(async () => {
      await pulumiOutput(["stack", "rm", "--yes", "--stack", stack], environment);
      await forget(stack);
    });
    detail("");
  });
}

/** Removes the configuration and credentials of review stacks that the backend does not have; returns their names. */
export async function forgetRemoved(environment: Record<string, string>): Promise<string[]> {
  return withReviewLock(async () => {
    const known = await stackNames(environment);
    const folders = await readdir(join(statePath, "stacks")).catch(() => []);
    const reviews = folders.filter((name) => name.startsWith(REVIEW));
    const gone = [...new Set([...configuredReviews(), ...reviews])].filter(
      (stack) => !known.includes(stack),
    );
    await Promise.all(gone.map(forget));
    return gone.sort();
  });
}

async function forget(stack: string): Promise<void> {
  await removeReviewConfig(stack);
  await rm(join(statePath, "stacks", stack), { recursive: true, force: true });
}
