import type { Case } from "../case.ts";
import { googleLabels } from "../good.ts";

const alert = {
  userLabels: googleLabels,
  severity: "ERROR",
  documentation: { content: "It is down.\n\n# CmsDown\n\n1. Look." },
  notificationChannels: ["projects/p/notificationChannels/1"],
};

function of(what: string, changed: object, says: string): Case {
  return {
    rule: "alert-policies",
    what,
    type: "gcp:monitoring/alertPolicy:AlertPolicy",
    stack: "prod",
    good: alert,
    mutant: { ...alert, ...changed },
    says: [says],
  };
}

/** Mutants of alerts, each with its good twin. */
export const alertPolicyCases: readonly Case[] = [
  of(
    "no severity",
    { severity: undefined },
    "severity must be CRITICAL, ERROR or WARNING, got nothing; whom it wakes depends on it",
  ),
  of(
    "no documentation",
    { documentation: undefined },
    "documentation.content must hold a runbook, got 0 characters without a heading; write alerts/runbooks/<alert>.md",
  ),
  of(
    "a summary for a runbook",
    { documentation: { content: "It is down." } },
    "documentation.content must hold a runbook, got 11 characters without a heading; write alerts/runbooks/<alert>.md",
  ),
  of(
    "no channel",
    { notificationChannels: [] },
    "notificationChannels must name at least one channel, got none; nobody would hear it",
  ),
];
