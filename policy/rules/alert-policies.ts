import type { Rule } from "../rule.ts";

/** An alert says how urgent it is, what to do, and reaches somebody. */
export const alertPolicies: Rule = {
  name: "alert-policies",
  description: "Every alert has a severity, a runbook and a channel.",
  check({ type, props }) {
    if (type !== "gcp:monitoring/alertPolicy:AlertPolicy") return [];
    const { content = "" } = (props.documentation ?? {}) as { content?: string };
    const channels = (props.notificationChannels ?? []) as readonly unknown[];
    return [
      ...(["CRITICAL", "ERROR", "WARNING"].includes(String(props.severity))
        ? []
        : [
            `severity must be CRITICAL, ERROR or WARNING, got ${JSON.stringify(props.severity) ?? "nothing"}; whom it wakes depends on it`,
          ]),
      ...(/^#/m.test(content)
        ? []
        : [
            `documentation.content must hold a runbook, got ${content.length} characters without a heading; write alerts/runbooks/<alert>.md`,
          ]),
      ...(channels.length > 0
        ? []
        : ["notificationChannels must name at least one channel, got none; nobody would hear it"]),
    ];
  },
};
