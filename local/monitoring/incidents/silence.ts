import { isAboutAbsence } from "../delivery/namespaced.ts";
import { alertNameOf, labelsOf } from "../delivery/rule-groups.ts";
import type { DeliverySettings } from "../delivery/settings.ts";
import type { AlertPolicy } from "../rules/alert-policy.ts";
import type { ActiveAlert } from "./incident.ts";

/** How long an alert lasts in Alertmanager that nobody repeats, in milliseconds. */
const LASTS = 5 * 60_000;

const summary = "No metrics arrive: Prometheus does not evaluate.";

/**
 * Alerts of the policies that hold where there are no metrics at all: those that call `absent`.
 *
 * While Prometheus does not evaluate, Cloud Monitoring would have no samples, and just these would fire.
 */
export function alertsOfSilence(policies: readonly AlertPolicy[]): ActiveAlert[] {
  return policies.flatMap((policy) => {
    const promql = policy.conditions[0]?.conditionPrometheusQueryLanguage;
    if (policy.enabled === false || !promql || !isAboutAbsence(promql.query)) return [];
    const { severity } = labelsOf(policy, "");
    const labels = { ...promql.labels, ...(severity ? { severity } : {}) };
    const alert = alertNameOf(policy);
    return [{ policy: policy.name, alert, labels, state: "firing", value: "1", summary }];
  });
}

/**
 * Tells Alertmanager of alerts that Prometheus cannot tell it of; again while they last, and once when they are over.
 *
 * @throws Error if it does not take them.
 */
export async function sendAlerts(
  alerts: readonly (ActiveAlert & { readonly project: string })[],
  isOver: boolean,
  { alertmanager, alertmanagerLogin }: DeliverySettings,
): Promise<void> {
  const now = Date.now();
  const body = alerts.map(({ policy, project, alert, labels }) => ({
    labels: { ...labels, alertname: alert, policy, project },
    annotations: { summary },
    endsAt: new Date(isOver ? now : now + LASTS).toISOString(),
  }));
  const answer = await fetch(`${alertmanager}api/v2/alerts`, {
    method: "POST",
    headers: {
      "content-type": "application/json",
      authorization: `Basic ${btoa(alertmanagerLogin)}`,
    },
    body: JSON.stringify(body),
    signal: AbortSignal.timeout(10_000),
  });
  if (!answer.ok) throw new Error(`Alertmanager must take alerts, got ${answer.status}`);
}
