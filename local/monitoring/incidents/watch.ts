import type { DeliverySettings } from "../delivery/settings.ts";
import type { AlertPolicy } from "../rules/alert-policy.ts";
import type { State } from "../state/state.ts";
import type { ActiveAlert } from "./incident.ts";
import { recordIncidents } from "./log.ts";
import { readRules, type RuleState } from "./prometheus-alerts.ts";
import { alertsOfSilence, sendAlerts } from "./silence.ts";

/** How often Prometheus is asked, in milliseconds. */
const INTERVAL = 5000;

/** So long Prometheus may be silent before there are no metrics, in milliseconds. */
const SILENCE = 60_000;

/** So long a rule may stay unevaluated beyond that before nothing evaluates it, in milliseconds. */
const SLACK = 60_000;

/** What is known of the alerts at this moment. */
export interface Watch {
  /** Rules as Prometheus last described them, by policy. */
  readonly rules: ReadonlyMap<string, RuleState>;
  /** Since when Prometheus does not evaluate, in milliseconds since 1970; undefined while it does. */
  readonly silentSince: number | undefined;
}

/**
 * Opens and closes incidents as Prometheus' alerts come and go, from now on.
 *
 * @param report hears why something failed; it is tried again.
 * @returns what is known at the moment of a call.
 */
export function watchAlerts(
  state: State,
  settings: DeliverySettings,
  report: (error: Error) => void,
): () => Watch {
  let rules = new Map<string, RuleState>();
  let heardAt = Date.now();
  let told: (ActiveAlert & { readonly project: string })[] = [];

  const isSilent = (): boolean => Date.now() - heardAt > SILENCE;

  async function look(): Promise<void> {
    const listed = await readRules(settings.prometheus);
    rules = new Map(listed.map((rule) => [rule.policy, rule]));
    // A Prometheus that answers but has stopped evaluating is silent too.
    const newest = Math.max(0, ...listed.map(({ evaluatedAt }) => evaluatedAt));
    if (listed.length === 0 || newest > Date.now() - SILENCE - SLACK) heardAt = Date.now();
  }

  async function round(): Promise<void> {
    await look().catch(report);
    const silence: (ActiveAlert & { readonly project: string })[] = [];
    for (const project of state.projects()) {
      const all = Object.values(project.collection("alertPolicies")) as unknown as AlertPolicy[];
      const policies = new Set(
        all.filter(({ enabled }) => enabled !== false).map(({ name }) => name),
      );
      const alerts = isSilent() ? alertsOfSilence(all) : evaluatedAlerts(rules, policies);
      if (isSilent()) silence.push(...alerts.map((alert) => ({ ...alert, project: project.id })));
      const evaluated = isSilent()
        ? new Set<string>()
        : new Set([...rules.values()].filter(wasEvaluated).map(({ policy }) => policy));
      await recordIncidents(state, project, { alerts, evaluated, policies });
    }
    if (silence.length > 0) await sendAlerts(silence, false, settings);
    else if (told.length > 0) await sendAlerts(told, true, settings);
    told = silence;
  }

  async function loop(): Promise<void> {
    await round().catch(report);
    setTimeout(() => void loop(), INTERVAL);
  }
  void loop();
  return () => ({ rules, silentSince: isSilent() ? heardAt : undefined });
}

function evaluatedAlerts(
  rules: ReadonlyMap<string, RuleState>,
  policies: ReadonlySet<string>,
): ActiveAlert[] {
  return [...rules.values()].flatMap(({ policy, alerts }) => (policies.has(policy) ? alerts : []));
}

function wasEvaluated({ evaluatedAt, error }: RuleState): boolean {
  return evaluatedAt > 0 && error === "";
}
