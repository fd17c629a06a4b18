import { secondsOf } from "../protos/duration.ts";
import type { AlertPolicy } from "../rules/alert-policy.ts";
import { inNamespace, namespaceOf } from "./namespaced.ts";
import { prometheusTemplate } from "./templates.ts";

/** How often a condition is evaluated that does not say, in seconds; the API's default. */
const EVALUATION_INTERVAL = 30;

/** One alert, as Prometheus reads it. */
export interface Rule {
  readonly alert: string;
  readonly expr: string;
  readonly for: string;
  readonly labels: Readonly<Record<string, string>>;
  readonly annotations: Readonly<Record<string, string>>;
}

/** The rule of one policy; the group's name is the policy's. */
export interface RuleGroup {
  readonly name: string;
  readonly interval: string;
  readonly rules: readonly [Rule];
}

/**
 * The rule group of a policy; none if it is off, has no condition in PromQL, or has one that cannot be kept within the
 * namespace.
 */
export function ruleGroupOf(policy: AlertPolicy, project: string): RuleGroup | undefined {
  const [condition] = policy.conditions;
  const promql = condition?.conditionPrometheusQueryLanguage;
  if (policy.enabled === false || !promql) return undefined;
  const values = {
    project,
    policy: policy.displayName!,
    condition: condition.displayName ?? policy.displayName!,
  };
  const { subject, content, links } = policy.documentation ?? {};
  try {
    return {
      name: policy.name,
      interval: `${secondsOf(promql.evaluationInterval ?? `${EVALUATION_INTERVAL}s`)}s`,
      rules: [
        {
          alert: alertNameOf(policy),
          expr: inNamespace(promql.query, namespaceOf(project)),
          for: `${Math.round(secondsOf(promql.duration ?? "0s") * 1000)}ms`,
          labels: { ...promql.labels, ...labelsOf(policy, project) },
          annotations: {
            summary: prometheusTemplate(subject ?? policy.displayName!, values),
            ...(content ? { documentation: prometheusTemplate(content, values) } : {}),
            ...(links?.[0]?.url ? { runbook: prometheusTemplate(links[0].url, values) } : {}),
          },
        },
      ],
    };
  } catch {
    return undefined;
  }
}

/** Name of a policy's alert: its `alertRule`, else its own name in the letters that Prometheus takes. */
export function alertNameOf({ displayName = "", conditions }: AlertPolicy): string {
  const given = conditions[0]?.conditionPrometheusQueryLanguage?.alertRule;
  return given ?? displayName.replace(/[^A-Za-z0-9_]/g, "_");
}

/** Labels by which notifications find their way: to whose project and by what policy. */
export function labelsOf(policy: AlertPolicy, project: string): Record<string, string> {
  const { severity } = policy as AlertPolicy & { severity?: string };
  return {
    project,
    policy: policy.name,
    ...(severity ? { severity: severity.toLowerCase() } : {}),
  };
}
