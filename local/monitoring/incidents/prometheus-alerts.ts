import type { ActiveAlert } from "./incident.ts";

/** How long Prometheus may take to answer, in milliseconds. */
const TIMEOUT = 5000;

/** What Prometheus says of one policy's rule. */
export interface RuleState {
  readonly policy: string;
  readonly project: string;
  /** When it was last evaluated, in milliseconds since 1970; 0 before the first time. */
  readonly evaluatedAt: number;
  /** Why the last evaluation failed; "" if it did not. */
  readonly error: string;
  readonly alerts: readonly ActiveAlert[];
}

/**
 * The rules that Prometheus has, with their alerts.
 *
 * @throws Error if it does not answer.
 */
export async function readRules(prometheus: string): Promise<RuleState[]> {
  const answer = await fetch(`${prometheus}api/v1/rules?type=alert`, {
    signal: AbortSignal.timeout(TIMEOUT),
  });
  if (!answer.ok) throw new Error(`Prometheus must list its rules, got ${answer.status}`);
  const { data } = (await answer.json()) as { data: { groups: readonly Group[] } };
  return data.groups.flatMap(({ name, rules: [rule] }) => {
    if (!rule?.labels["project"]) return [];
    return [
      {
        policy: name,
        project: rule.labels["project"],
        evaluatedAt: Math.max(0, Date.parse(rule.lastEvaluation)),
        error: rule.lastError ?? "",
        alerts: rule.alerts.map(({ labels, annotations, state, value }) => ({
          policy: name,
          alert: rule.name,
          labels: withoutOwn(labels),
          state,
          value,
          summary: annotations["summary"] ?? "",
        })),
      },
    ];
  });
}

interface Group {
  readonly name: string;
  readonly rules: readonly Rule[];
}

interface Rule {
  readonly name: string;
  readonly labels: Readonly<Record<string, string>>;
  readonly lastEvaluation: string;
  readonly lastError?: string;
  readonly alerts: readonly {
    readonly labels: Readonly<Record<string, string>>;
    readonly annotations: Readonly<Record<string, string>>;
    readonly state: "pending" | "firing";
    readonly value: string;
  }[];
}

/** Labels without those that say whose alert it is. */
function withoutOwn(labels: Readonly<Record<string, string>>): Record<string, string> {
  const own = ["alertname", "policy", "project"];
  return Object.fromEntries(Object.entries(labels).filter(([name]) => !own.includes(name)));
}
