import { openFreeze } from "../../stacks/freeze.ts";
import type { PromotionRules } from "../../stacks/promotion-rules.ts";
import { readVerification, releasesFolder } from "./verification.ts";

/** A release on its way to an environment, with the environment's rules. */
export interface Promotion {
  readonly release: string;
  readonly environment: string;
  readonly rules: PromotionRules;
}

/**
 * Checks that the previous environment verified exactly this release.
 *
 * @throws Error if it did not, naming both.
 */
export function requireVerified(
  { release, environment, rules: { previousEnvironment } }: Promotion,
  folder = releasesFolder,
): void {
  if (readVerification({ release, environment: previousEnvironment }, folder)) return;
  throw new Error(
    `release ${release} must be verified in ${previousEnvironment} before it goes to ${environment}, found no releases/${release}.verified.${previousEnvironment}.json; deploy and verify it there first`,
  );
}

/**
 * Checks that nothing holds up promotions now, and that enough people approved this one.
 *
 * @throws Error naming the freeze window and its end, or who is missing.
 */
export function requireAllowed({ release, environment, rules }: Promotion, now: Date): void {
  const freeze = openFreeze(rules.freezeWindows, now);
  if (freeze) {
    throw new Error(
      `nothing is promoted to ${environment} in the freeze window ${JSON.stringify(freeze.window.name)}, which is open until ${freeze.until.toISOString()}; wait, or change marketing-stack:freezeWindows in Pulumi.${environment}.yaml by a reviewed commit`,
    );
  }
  const names = [...new Set(rules.approvals[release] ?? [])];
  if (names.length < rules.requiredApprovals) {
    throw new Error(
      `release ${release} must be approved by ${rules.requiredApprovals} people before it goes to ${environment}, got ${names.length > 0 ? names.join(", ") : "nobody"}; add names to marketing-stack:approvals in Pulumi.${environment}.yaml by a reviewed commit`,
    );
  }
}
