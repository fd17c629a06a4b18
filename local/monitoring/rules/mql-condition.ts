import { missingField } from "../api-error.ts";
import type { MonitoringQueryLanguage } from "./alert-policy.ts";
import { requireDuration } from "./limits.ts";
import { checkMissingData } from "./threshold-condition.ts";
import { checkTrigger } from "./trigger.ts";

/** Checks a condition in the Monitoring Query Language, but not its query: the language is deprecated. */
export function checkMql(field: string, condition: MonitoringQueryLanguage): void {
  if (!condition.query) throw missingField(`${field}.query`);
  requireDuration(`${field}.duration`, condition.duration, {
    step: 60,
    rule: "must be a multiple of a minute.",
  });
  checkTrigger(`${field}.trigger`, condition.trigger);
  checkMissingData(
    `${field}.evaluation_missing_data`,
    condition.evaluationMissingData,
    condition.duration,
  );
}
