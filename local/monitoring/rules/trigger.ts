import type { Trigger } from "./alert-policy.ts";
import { requireRange } from "./limits.ts";

/** Checks how many time series must fail. */
export function checkTrigger(field: string, trigger: Trigger = {}): void {
  if (trigger.count !== undefined) requireRange(`${field}.count`, trigger.count, 0, 2 ** 31 - 1);
  if (trigger.percent !== undefined) requireRange(`${field}.percent`, trigger.percent, 0, 100);
}
