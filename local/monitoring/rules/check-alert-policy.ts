import { invalidArgument, invalidField, missingField } from "../api-error.ts";
import type { CheckPromql } from "../promql/promtool.ts";
import { requireFields } from "../protos/required-fields.ts";
import { schema, type Message } from "../protos/schema.ts";
import { checkAbsence } from "./absence-condition.ts";
import type { AlertPolicy, Condition } from "./alert-policy.ts";
import { checkAlertStrategy } from "./alert-strategy.ts";
import { checkDocumentation } from "./documentation.ts";
import { requireLength } from "./limits.ts";
import { checkLogMatch } from "./log-match-condition.ts";
import { checkMql } from "./mql-condition.ts";
import { checkPromqlCondition } from "./promql-condition.ts";
import { checkSql } from "./sql-condition.ts";
import { checkThreshold } from "./threshold-condition.ts";
import { checkUserLabels } from "./user-labels.ts";

const FIELD = "alert_policy";
const MAX_CONDITIONS = 6;
const MAX_CHANNELS = 16;

/**
 * Checks a policy against the rules of the API that its schema cannot state.
 *
 * @throws ApiError about the first rule that it breaks, in the API's words where those are known.
 */
export async function checkAlertPolicy(
  policy: AlertPolicy,
  checkPromql: CheckPromql,
): Promise<void> {
  const { displayName, conditions = [], combiner, notificationChannels = [] } = policy;
  if (!displayName) throw missingField(`${FIELD}.display_name`);
  requireLength(`${FIELD}.display_name`, displayName, 512);
  checkUserLabels(`${FIELD}.user_labels`, policy.userLabels);
  checkDocumentation(policy.documentation ?? {});
  if (conditions.length === 0) throw missingField(`${FIELD}.conditions`);
  if (conditions.length > MAX_CONDITIONS) {
    throw invalidField(
      `${FIELD}.conditions`,
      conditions.length,
      `must not have more than ${MAX_CONDITIONS} entries.`,
    );
  }
  if (!combiner)
    throw invalidField(`${FIELD}.combiner`, "COMBINE_UNSPECIFIED", "must be specified.");
  if (notificationChannels.length > MAX_CHANNELS) {
    const rule = `must not have more than ${MAX_CHANNELS} entries.`;
    throw invalidField(`${FIELD}.notification_channels`, notificationChannels.length, rule);
  }
  requireFields(
    schema.lookupType("google.monitoring.v3.AlertPolicy"),
    policy as unknown as Message,
    FIELD,
  );
  checkCompany(conditions);
  for (const [index, condition] of conditions.entries()) {
    await checkCondition(`${FIELD}.conditions[${index}]`, condition, checkPromql);
  }
  const isLogBased = conditions.some(({ conditionMatchedLog }) => conditionMatchedLog);
  checkAlertStrategy(policy.alertStrategy ?? {}, isLogBased, notificationChannels);
}

/** Checks which kinds of condition stand alone. */
function checkCompany(conditions: readonly Condition[]): void {
  if (conditions.length === 1) return;
  for (const condition of conditions) {
    if (condition.conditionMatchedLog) {
      throw invalidArgument(
        "Alert policies with a log matching condition can only have a single condition.",
      );
    }
    for (const [kind, name] of loners) {
      if (condition[kind])
        throw invalidArgument(
          `Alert policies with a ${name} condition can only have a single condition.`,
        );
    }
  }
}

const loners = [
  ["conditionPrometheusQueryLanguage", "PromQL"],
  ["conditionMonitoringQueryLanguage", "Monitoring Query Language"],
  ["conditionSql", "SQL"],
] as const;

async function checkCondition(
  field: string,
  condition: Condition,
  checkPromql: CheckPromql,
): Promise<void> {
  requireLength(`${field}.display_name`, condition.displayName, 512);
  if (condition.conditionThreshold) {
    checkThreshold(`${field}.condition_threshold`, condition.conditionThreshold);
  } else if (condition.conditionAbsent) {
    checkAbsence(`${field}.condition_absent`, condition.conditionAbsent);
  } else if (condition.conditionMatchedLog) {
    checkLogMatch(field, condition.conditionMatchedLog);
  } else if (condition.conditionMonitoringQueryLanguage) {
    checkMql(
      `${field}.condition_monitoring_query_language`,
      condition.conditionMonitoringQueryLanguage,
    );
  } else if (condition.conditionPrometheusQueryLanguage) {
    const at = `${field}.condition_prometheus_query_language`;
    await checkPromqlCondition(at, condition.conditionPrometheusQueryLanguage, checkPromql);
  } else if (condition.conditionSql) {
    checkSql(`${field}.condition_sql`, condition.conditionSql);
  } else {
    throw invalidField(
      `${field}.condition_case`,
      0,
      'Condition subtype (e.g. "condition_absent","condition_threshold", etc.) is absent or unknown.',
    );
  }
}
