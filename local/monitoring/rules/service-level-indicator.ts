import { invalidArgument, invalidField, missingField } from "../api-error.ts";
import { checkMetricFilter } from "./metric-filter.ts";

/** How good a service is, in its canonical form. */
export interface Indicator {
  readonly basicSli?: BasicSli;
  readonly requestBased?: RequestBasedSli;
  readonly windowsBased?: WindowsBasedSli;
}

interface BasicSli {
  readonly availability?: object;
  readonly latency?: { readonly threshold?: string };
}

interface RequestBasedSli {
  readonly goodTotalRatio?: Readonly<Record<string, string>>;
  readonly distributionCut?: { readonly distributionFilter?: string };
}

interface WindowsBasedSli {
  readonly goodBadMetricFilter?: string;
  readonly goodTotalRatioThreshold?: {
    readonly performance?: RequestBasedSli;
    readonly basicSliPerformance?: BasicSli;
    readonly threshold?: number;
  };
  readonly metricMeanInRange?: { readonly timeSeries?: string };
  readonly metricSumInRange?: { readonly timeSeries?: string };
  readonly windowPeriod?: string;
}

/** Checks an indicator; `field` is its path. */
export function checkIndicator(field: string, indicator: Indicator): void {
  const { basicSli, requestBased, windowsBased } = indicator;
  if (basicSli) checkBasic(`${field}.basic_sli`, basicSli);
  else if (requestBased) checkRequests(`${field}.request_based`, requestBased);
  else if (windowsBased) checkWindows(`${field}.windows_based`, windowsBased);
  else throw missingField(`${field}.type`);
}

function checkBasic(field: string, { availability, latency }: BasicSli): void {
  if (!availability && !latency) throw missingField(`${field}.sli_criteria`);
  if (latency && !latency.threshold) throw missingField(`${field}.latency.threshold`);
}

function checkRequests(field: string, { goodTotalRatio, distributionCut }: RequestBasedSli): void {
  if (goodTotalRatio) {
    const filters = Object.entries(goodTotalRatio);
    if (filters.length !== 2) {
      throw invalidArgument(
        `Field ${field}.good_total_ratio must have exactly two of good_service_filter, bad_service_filter and total_service_filter, has ${filters.length}.`,
      );
    }
    for (const [name, filter] of filters) {
      const path = name.replace(/[A-Z]/g, (letter) => `_${letter.toLowerCase()}`);
      checkFilter(`${field}.good_total_ratio.${path}`, filter);
    }
  } else if (distributionCut) {
    checkFilter(
      `${field}.distribution_cut.distribution_filter`,
      distributionCut.distributionFilter,
    );
  } else {
    throw missingField(`${field}.method`);
  }
}

function checkWindows(field: string, windows: WindowsBasedSli): void {
  const { goodBadMetricFilter, goodTotalRatioThreshold, metricMeanInRange, metricSumInRange } =
    windows;
  if (goodBadMetricFilter !== undefined) {
    checkFilter(`${field}.good_bad_metric_filter`, goodBadMetricFilter);
  } else if (goodTotalRatioThreshold) {
    const at = `${field}.good_total_ratio_threshold`;
    const { performance, basicSliPerformance, threshold = 0 } = goodTotalRatioThreshold;
    if (performance) checkRequests(`${at}.performance`, performance);
    else if (basicSliPerformance) checkBasic(`${at}.basic_sli_performance`, basicSliPerformance);
    else throw missingField(`${at}.type`);
    if (threshold < 0 || threshold > 1) {
      throw invalidField(`${at}.threshold`, threshold, "must be from 0 to 1.");
    }
  } else if (metricMeanInRange) {
    checkFilter(`${field}.metric_mean_in_range.time_series`, metricMeanInRange.timeSeries);
  } else if (metricSumInRange) {
    checkFilter(`${field}.metric_sum_in_range.time_series`, metricSumInRange.timeSeries);
  } else {
    throw missingField(`${field}.window_criterion`);
  }
}

function checkFilter(field: string, filter: string | undefined): void {
  if (!filter) throw missingField(field);
  checkMetricFilter(field, filter, ["metric.type"]);
}
