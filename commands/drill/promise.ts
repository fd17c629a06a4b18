import type { Alert } from "../../infra/alert-policies.ts";

/** How often pods are scraped, and how long a notification may take to arrive, in seconds. */
const SCRAPE = 5;
const DELIVERY = 15;

/** Ages that an expression waits for before it holds, in seconds. */
const AGES: Readonly<Record<string, number>> = { SpoolTooOld: 300, QueueTooOld: 300 };

/**
 * Within how many seconds of its cause an alert is promised to arrive: a scrape, the age that it waits for, an evaluation
 * that sees it, the evaluations until it has held long enough, the delivery.
 */
export function promisedSeconds(name: string, alert: Alert): number {
  const { forSeconds, evaluationIntervalSeconds: interval } = alert;
  const held = Math.ceil(forSeconds / interval) * interval;
  return SCRAPE + (AGES[name] ?? 0) + interval + held + DELIVERY;
}
