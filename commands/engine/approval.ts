import type { Digest } from "../digest/digest.ts";
import { grownBeyond } from "../digest/grown.ts";
import { previewStack } from "./preview.ts";

/**
 * Checks, before anything is touched, that `up` would change no more than was approved.
 *
 * @throws Error naming each resource of which it would change more.
 */
export async function requireApproved(
  approved: Digest,
  stack: string,
  environment: Record<string, string>,
): Promise<void> {
  const now = await previewStack({ stack, environment, args: [], notes: [] });
  if (!now.complete) {
    const reasons = now.errors.map(({ message }) => message).join("\n");
    throw new Error(`the preview before the update must succeed; nothing was changed\n${reasons}`);
  }
  const growth = grownBeyond(approved, now);
  if (growth.length === 0) return;
  throw new Error(
    [
      `stack ${stack} must change no more than was approved (${approved.fingerprint.slice(0, 12)}), but would now (${now.fingerprint.slice(0, 12)}); nothing was changed. Preview again and have that approved:`,
      ...growth.map((sentence) => `- ${sentence}`),
    ].join("\n"),
  );
}
