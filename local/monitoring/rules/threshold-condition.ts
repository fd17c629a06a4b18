import { invalidField } from "../api-error.ts";
import { secondsOf } from "../protos/duration.ts";
import { checkAggregations } from "./aggregations.ts";
import type { MetricThreshold } from "./alert-policy.ts";
import { requireDuration } from "./limits.ts";
import { checkMetricFilter } from "./metric-filter.ts";
import { checkTrigger } from "./trigger.ts";

const HOUR = 3600;

/** Checks a condition that compares time series with a threshold. */
export function checkThreshold(field: string, condition: MetricThreshold): void {
  const { filter, denominatorFilter, comparison, duration, evaluationMissingData } = condition;
  checkMetricFilter(`${field}.filter`, filter, ["metric.type", "resource.type"]);
  if (denominatorFilter) {
    checkMetricFilter(`${field}.denominator_filter`, denominatorFilter, ["metric.type"]);
  }
  checkAggregations(`${field}.aggregations`, condition.aggregations);
  checkAggregations(`${field}.denominator_aggregations`, condition.denominatorAggregations);
  if (comparison !== "COMPARISON_GT" && comparison !== "COMPARISON_LT") {
    const rule = "Only COMPARISON_LT and COMPARISON_GT are supported.";
    throw invalidField(`${field}.comparison`, comparison ?? "COMPARISON_UNSPECIFIED", rule);
  }
  requireDuration(`${field}.duration`, duration, {
    step: 60,
    rule: "must be a multiple of a minute.",
  });
  requireDuration(
    `${field}.forecast_options.forecast_horizon`,
    condition.forecastOptions?.forecastHorizon,
    {
      least: HOUR,
      most: 60 * HOUR,
      rule: "The forecast horizon must be from 1 hour to 60 hours.",
    },
  );
  checkTrigger(`${field}.trigger`, condition.trigger);
  checkMissingData(`${field}.evaluation_missing_data`, evaluationMissingData, duration);
}

/** Checks what happens when data stops arriving: it needs a duration to stop for. */
export function checkMissingData(
  field: string,
  choice: string | undefined,
  duration: string | undefined,
): void {
  if (choice && (duration === undefined || secondsOf(duration) < 60)) {
    throw invalidField(
      field,
      choice,
      "Conditions setting evaluation_missing_data must have a non-zero duration.",
    );
  }
}
