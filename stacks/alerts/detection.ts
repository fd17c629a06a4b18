import type { Alert, Severity } from "../../infra/alert-policies.ts";

/** Longest time between two scrapes of a pod, on every platform, in seconds. */
const SCRAPE = 30;

/** How long a notification may be on its way once an alert fires, in seconds. */
const DELIVERY = 30;

/** Within what time an alert of a severity has to be heard of, in seconds: somebody waits, the same day, tomorrow. */
export const DETECTION_BUDGETS: Readonly<Record<Severity, number>> = {
  critical: 5 * 60,
  error: 2 * 3600,
  warning: 86_400,
};

/**
 * The least time in which an alert can be heard of, at worst, in seconds: a scrape, an evaluation, `for` in whole evaluations,
 * and the way to the receiver.
 *
 * What the expression itself needs to see the fault comes on top.
 */
export function leastDetection({
  forSeconds,
  evaluationIntervalSeconds: interval,
}: Pick<Alert, "forSeconds" | "evaluationIntervalSeconds">): number {
  return SCRAPE + interval + Math.ceil(forSeconds / interval) * interval + DELIVERY;
}
