import { invalidField } from "../api-error.ts";
import { parseFilter, type Filter } from "../filters/filter.ts";
import { requireLength } from "./limits.ts";

/** Selects the burn rate of an SLO instead of time series; such a filter names no metric. */
const sloSelectors: readonly string[] = [
  "select_slo_burn_rate",
  "select_slo_health",
  "select_slo_compliance",
  "select_slo_budget",
  "select_slo_budget_fraction",
  "select_slo_budget_total",
  "select_slo_counts",
];

/** Checks a filter of time series: that it parses, and which fields it must restrict. */
export function checkMetricFilter(
  field: string,
  filter: string,
  required: readonly ("metric.type" | "resource.type")[],
): void {
  requireLength(field, filter, 2048);
  const parsed = parse(field, filter);
  if (parsed.kind === "call" && sloSelectors.includes(parsed.call.name)) return;
  const restricted = restrictionsIn(parsed);
  for (const name of required) {
    if (!restricted.includes(name)) throw invalidField(field, filter, missing[name]);
  }
  if (parsed.kind === "and" && topLevelTypes(parsed.terms) > 1) {
    throw invalidField(field, filter, 'must not restrict "resource.type" more than once.');
  }
}

const missing = {
  "metric.type":
    'must specify a restriction on "metric.type" in the filter; see "https://cloud.google.com/monitoring/api/metrics" for a list of available metrics.',
  "resource.type":
    'must specify a restriction on "resource.type" in the filter; see "https://cloud.google.com/monitoring/api/resources" for a list of available resource types.',
} as const;

function parse(field: string, filter: string): Filter {
  try {
    return parseFilter(filter);
  } catch (error) {
    throw invalidField(field, filter, (error as Error).message);
  }
}

function restrictionsIn(filter: Filter): string[] {
  switch (filter.kind) {
    case "comparison":
      return filter.operator === "=" || filter.operator === ":" ? [filter.path.join(".")] : [];
    case "and":
    case "or":
      return filter.terms.flatMap(restrictionsIn);
    default:
      return [];
  }
}

function topLevelTypes(terms: readonly Filter[]): number {
  return terms.filter(
    (term) => term.kind === "comparison" && restrictionsIn(term)[0] === "resource.type",
  ).length;
}
