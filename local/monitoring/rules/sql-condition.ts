import { invalidField, missingField } from "../api-error.ts";
import type { Sql } from "./alert-policy.ts";
import { requireRange } from "./limits.ts";

/** Checks a condition in SQL over logs: its schedule and its test, not its query. */
export function checkSql(field: string, condition: Sql): void {
  const { minutes, hourly, daily, rowCountTest, booleanTest } = condition;
  if (!minutes && !hourly && !daily) throw missingField(`${field}.schedule`);
  if (!rowCountTest && !booleanTest) throw missingField(`${field}.evaluate`);
  if (minutes) requireRange(`${field}.minutes.periodicity`, minutes.periodicity ?? 0, 5, 1440);
  if (hourly) {
    requireRange(`${field}.hourly.periodicity`, hourly.periodicity ?? 0, 1, 48);
    requireRange(`${field}.hourly.minute_offset`, hourly.minuteOffset ?? 0, 0, 59);
  }
  if (daily) requireRange(`${field}.daily.periodicity`, daily.periodicity ?? 0, 1, 31);
  const comparison = rowCountTest?.comparison;
  if (comparison && comparison !== "COMPARISON_GT" && comparison !== "COMPARISON_LT") {
    const rule = "Only COMPARISON_LT and COMPARISON_GT are supported.";
    throw invalidField(`${field}.row_count_test.comparison`, comparison, rule);
  }
}
