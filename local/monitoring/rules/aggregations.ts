import { invalidField } from "../api-error.ts";
import type { Aggregation } from "./alert-policy.ts";
import { requireDuration } from "./limits.ts";

/** Checks how time series are aligned and reduced. */
export function checkAggregations(field: string, aggregations: readonly Aggregation[] = []): void {
  for (const [index, aggregation] of aggregations.entries()) {
    const { alignmentPeriod, perSeriesAligner, crossSeriesReducer, groupByFields } = aggregation;
    const at = `${field}[${index}]`;
    if (perSeriesAligner) {
      if (!alignmentPeriod) {
        throw invalidField(
          `${at}.alignment_period`,
          "",
          "must be at least 60 seconds when an aligner is given.",
        );
      }
    } else if (crossSeriesReducer) {
      throw invalidField(
        `${at}.per_series_aligner`,
        "ALIGN_NONE",
        "must be given when a reducer is.",
      );
    }
    requireDuration(`${at}.alignment_period`, alignmentPeriod, {
      least: 60,
      rule: "The alignment period must be at least 60 seconds.",
    });
    if (groupByFields && !crossSeriesReducer) {
      throw invalidField(
        `${at}.group_by_fields`,
        groupByFields.join(","),
        "needs a cross_series_reducer.",
      );
    }
  }
}
