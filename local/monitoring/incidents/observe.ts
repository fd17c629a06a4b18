import { newResourceId } from "../state/resource-id.ts";
import type { ActiveAlert, Incident } from "./incident.ts";

/** What was seen of one project's alerts. */
export interface Observation {
  readonly alerts: readonly ActiveAlert[];
  /** Policies that were evaluated; of the others nothing is known, and their incidents stay as they are. */
  readonly evaluated: ReadonlySet<string>;
  /** Policies that there are and that are on. */
  readonly policies: ReadonlySet<string>;
}

/**
 * The incidents that change when `observation` is made: new ones open, those whose alert is gone close.
 *
 * An alert that is pending again keeps its incident open: after a restart Prometheus waits anew before it fires.
 *
 * @param open the incidents that are open.
 */
export function observe(
  open: readonly Incident[],
  { alerts, evaluated, policies }: Observation,
  now: string,
): Incident[] {
  const active = new Set(alerts.map(keyOf));
  const known = new Set(open.map(keyOf));
  const closed = open.flatMap((incident) => {
    const reason = !policies.has(incident.policy)
      ? "the policy is deleted or disabled"
      : evaluated.has(incident.policy) && !active.has(keyOf(incident))
        ? "the condition no longer holds"
        : undefined;
    return reason ? [{ ...incident, closedAt: now, reason }] : [];
  });
  const opened = alerts
    .filter((alert) => alert.state === "firing" && !known.has(keyOf(alert)))
    .map(({ policy, alert, labels, value, summary }) => ({
      id: newResourceId(),
      policy,
      alert,
      severity: labels["severity"] ?? "",
      labels,
      value,
      summary,
      openedAt: now,
      closedAt: null,
      reason: null,
    }));
  return [...closed, ...opened];
}

function keyOf({ policy, labels }: Pick<Incident, "policy" | "labels">): string {
  return JSON.stringify([policy, Object.entries(labels).sort()]);
}
