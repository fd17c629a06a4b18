import { invalidField } from "../api-error.ts";
import type { CheckPromql } from "../promql/promtool.ts";
import type { PrometheusQueryLanguage } from "./alert-policy.ts";
import { requireDuration, requireLength } from "./limits.ts";

const labelName = /^[a-zA-Z_][a-zA-Z0-9_]*$/;

/** Checks a condition in PromQL, its expression included. */
export async function checkPromqlCondition(
  field: string,
  condition: PrometheusQueryLanguage,
  checkPromql: CheckPromql,
): Promise<void> {
  const { query, duration, evaluationInterval, labels = {}, ruleGroup, alertRule } = condition;
  requireDuration(`${field}.duration`, duration, { rule: "must be a non-negative duration." });
  requireDuration(`${field}.evaluation_interval`, evaluationInterval, {
    least: 30,
    step: 30,
    rule: "must be a positive multiple of 30 seconds.",
  });
  for (const name of Object.keys(labels)) {
    if (!labelName.test(name) || name === "__name__") {
      throw invalidField(`${field}.labels`, name, "must be a valid Prometheus label name.");
    }
  }
  requireLength(`${field}.rule_group`, ruleGroup, 2048);
  requireLength(`${field}.alert_rule`, alertRule, 2048);
  if (alertRule && !labelName.test(alertRule)) {
    throw invalidField(`${field}.alert_rule`, alertRule, "must be a valid Prometheus label name.");
  }
  const problem = await checkPromql(query);
  if (problem !== undefined)
    throw invalidField(`${field}.query`, query, `Could not parse PromQL query: ${problem}`);
  // A template that Prometheus cannot read would keep it from reading every other rule.
  if (Object.values(labels).some((value) => value.includes("{{"))) {
    const wrong = await checkPromql("vector(1)", labels);
    if (wrong !== undefined) throw invalidField(`${field}.labels`, JSON.stringify(labels), wrong);
  }
}
