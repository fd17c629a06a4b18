import { ruleGroupOf } from "../delivery/rule-groups.ts";
import type { Watch } from "../incidents/watch.ts";
import type { AlertPolicy } from "../rules/alert-policy.ts";

/** What the page says of a policy. */
export interface PolicyState {
  readonly word:
    "firing" | "pending" | "ok" | "off" | "not evaluated" | "failing" | "waiting" | "unknown";
  /** More of it, for a person; "" where there is no more. */
  readonly detail: string;
}

/**
 * The state of a policy, as Prometheus last described it.
 *
 * @param watch what is known of all; undefined where nothing evaluates.
 */
export function policyState(
  policy: AlertPolicy,
  project: string,
  watch: Watch | undefined,
): PolicyState {
  if (policy.enabled === false) return { word: "off", detail: "" };
  if (!ruleGroupOf(policy, project)) {
    return { word: "not evaluated", detail: "only conditions in PromQL are" };
  }
  if (!watch) return { word: "not evaluated", detail: "there is no Prometheus" };
  if (watch.silentSince !== undefined) {
    return { word: "unknown", detail: "Prometheus does not evaluate" };
  }
  const rule = watch.rules.get(policy.name);
  if (!rule || rule.evaluatedAt === 0)
    return { word: "waiting", detail: "for its first evaluation" };
  if (rule.error) return { word: "failing", detail: rule.error };
  for (const word of ["firing", "pending"] as const) {
    const count = rule.alerts.filter(({ state }) => state === word).length;
    if (count > 0) return { word, detail: count === 1 ? "" : `${count} series` };
  }
  return { word: "ok", detail: "" };
}
