import { checkAggregations } from "./aggregations.ts";
import type { MetricAbsence } from "./alert-policy.ts";
import { requireDuration } from "./limits.ts";
import { checkMetricFilter } from "./metric-filter.ts";
import { checkTrigger } from "./trigger.ts";

/** Checks a condition that notices when time series stop. */
export function checkAbsence(field: string, condition: MetricAbsence): void {
  checkMetricFilter(`${field}.filter`, condition.filter, ["metric.type", "resource.type"]);
  checkAggregations(`${field}.aggregations`, condition.aggregations);
  requireDuration(`${field}.duration`, condition.duration ?? "0s", {
    least: 120,
    step: 60,
    rule: "must be at least 120 seconds and a multiple of a minute.",
  });
  checkTrigger(`${field}.trigger`, condition.trigger);
}
