import { freezeProblems, type FreezeWindow } from "./freeze.ts";
import { isReleaseId } from "./releases.ts";

/** What has to be so before a release goes to an environment. */
export interface PromotionRules {
  /** Environment that has to have verified the release. */
  readonly previousEnvironment: string;
  readonly freezeWindows: readonly FreezeWindow[];
  /** How many different people have to approve a release. */
  readonly requiredApprovals: number;
  /** Who approved, by the release's id. */
  readonly approvals: Readonly<Record<string, readonly string[]>>;
}

/** The configuration keys of {@link PromotionRules}. */
export const promotionKeys = [
  "previousEnvironment",
  "freezeWindows",
  "requiredApprovals",
  "approvals",
] as const;

/** The rules in an environment's configuration, and what is wrong with them. */
export function promotionRules(value: (key: (typeof promotionKeys)[number]) => unknown): {
  readonly rules: PromotionRules;
  readonly problems: readonly string[];
} {
  const rules = {
    previousEnvironment: String(value("previousEnvironment") ?? "dev"),
    freezeWindows: value("freezeWindows") ?? [],
    requiredApprovals: Number(value("requiredApprovals") ?? 0),
    approvals: value("approvals") ?? {},
  } as PromotionRules;
  const problems = [...freezeProblems(rules.freezeWindows), ...approvalProblems(rules.approvals)];
  if (!/^[a-z0-9][a-z0-9-]{0,39}$/.test(rules.previousEnvironment)) {
    problems.push(
      `marketing-stack:previousEnvironment must be the name of a stack, got ${JSON.stringify(rules.previousEnvironment)}`,
    );
  }
  const { requiredApprovals } = rules;
  if (!Number.isInteger(requiredApprovals) || requiredApprovals < 0 || requiredApprovals > 20) {
    problems.push(
      `marketing-stack:requiredApprovals must be a whole number from 0 to 20, got ${JSON.stringify(value("requiredApprovals"))}`,
    );
  }
  return { rules, problems };
}

function approvalProblems(value: unknown): string[] {
  const rule =
    "marketing-stack:approvals must be lists of names by the releases' ids in quotes, got";
  if (typeof value !== "object" || value === null || Array.isArray(value)) {
    return [`${rule} ${JSON.stringify(value)}`];
  }
  return Object.entries(value)
    .filter(([id, names]) => !isReleaseId(id) || !isNames(names))
    .map(([id, names]) => `${rule} ${JSON.stringify({ [id]: names as unknown })}`);
}

function isNames(value: unknown): boolean {
  return Array.isArray(value) && value.every((name) => typeof name === "string" && name !== "");
}
