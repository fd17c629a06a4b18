import * as gcp from "@pulumi/gcp";
import * as pulumi from "@pulumi/pulumi";
import {
  alertChannels,
  channelArgs,
  type AlertChannel,
  type ChannelConnection,
} from "./alert-channels.ts";

/** How urgent an alert is. */
export type Severity = "critical" | "error" | "warning";

/** One alert of the catalogue. */
export interface Alert {
  /** Group of the catalogue that it belongs to. */
  readonly group: string;

  /** PromQL that returns series while something is wrong. */
  readonly expression: string;

  /** How long it must hold before the alert fires, in seconds. */
  readonly forSeconds: number;

  /** How often it is evaluated, in seconds: a positive multiple of 30. */
  readonly evaluationIntervalSeconds: number;

  readonly severity: Severity;

  /** Who is told, `email` among them: a stack may have no other. */
  readonly channels: readonly AlertChannel[];

  /** What is wrong, in one sentence. */
  readonly summary: string;

  /** What to do, as Markdown, at most 8,192 characters with the summary. */
  readonly runbook: string;
}

/** Arguments of {@link AlertPolicies}. */
export interface AlertPoliciesArgs {
  /** Google Cloud project that holds the policies. */
  readonly project: string;

  /** Labels of everything that takes some; by them a policy is found that nobody wrote down. */
  readonly labels: Readonly<Record<string, string>>;

  /** Address that gets the notifications. */
  readonly notificationEmail: string;

  /**
   * How pager and chat are reached.
   *
   * @default - there are none, and what would go there goes by e-mail only
   */
  readonly channels?: Readonly<Partial<Record<Exclude<AlertChannel, "email">, ChannelConnection>>>;

  /** Alerts by name, `[A-Za-z_][A-Za-z0-9_]*`. */
  readonly alerts: Readonly<Record<string, Alert>>;
}

/** Open incidents close by themselves after so long without data, in seconds; the API's minimum. */
const AUTO_CLOSE = 1800;

/** Most characters of a policy's documentation, by the API. */
const DOCUMENTATION_LIMIT = 8192;

/**
 * The alerts of one stack in Cloud Monitoring.
 *
 * Creates one `NotificationChannel` per way by which somebody is told, and one `AlertPolicy` with one PromQL condition per alert.
 *
 * @throws Error naming the alert whose name, interval or documentation the API would refuse.
 */
export class AlertPolicies extends pulumi.ComponentResource {
  constructor(name: string, args: AlertPoliciesArgs, opts?: pulumi.ComponentResourceOptions) {
    super("marketing-stack:infra:AlertPolicies", name, {}, opts);
    for (const [alert, definition] of Object.entries(args.alerts)) requireValid(alert, definition);

    const connections: Partial<Record<AlertChannel, ChannelConnection>> = {
      email: { kind: "email", address: args.notificationEmail },
      ...args.channels,
    };
    const channels = new Map<AlertChannel, gcp.monitoring.NotificationChannel>();
    for (const channel of alertChannels) {
      const connection = connections[channel];
      if (!connection) continue;
      const created = new gcp.monitoring.NotificationChannel(
        channel === "email" ? name : `${name}-${channel}`,
        {
          project: args.project,
          displayName: channel === "email" ? "Marketing stack" : `Marketing stack, ${channel}`,
          ...channelArgs(connection),
          userLabels: args.labels,
        },
        { parent: this },
      );
      channels.set(channel, created);
    }
    for (const [alert, definition] of Object.entries(args.alerts)) {
      new gcp.monitoring.AlertPolicy(
        alert,
        {
          project: args.project,
          displayName: `${definition.group}/${alert}`,
          combiner: "OR",
          severity: definition.severity.toUpperCase(),
          conditions: [
            {
              displayName: alert,
              conditionPrometheusQueryLanguage: {
                query: definition.expression,
                duration: `${definition.forSeconds}s`,
                evaluationInterval: `${definition.evaluationIntervalSeconds}s`,
                ruleGroup: definition.group,
                alertRule: alert,
                // Our own metrics exist only once a pod has been scraped.
                disableMetricValidation: true,
              },
            },
          ],
          alertStrategy: {
            autoClose: `${AUTO_CLOSE}s`,
            notificationPrompts: ["OPENED", "CLOSED"],
          },
          documentation: { subject: definition.summary, content: documentation(definition) },
          notificationChannels: definition.channels.flatMap(
            (channel) => channels.get(channel)?.name ?? [],
          ),
          userLabels: { ...args.labels, severity: definition.severity },
        },
        { parent: this },
      );
    }

    this.registerOutputs({});
  }
}

/** What a notification of an alert says: what is wrong, and what to do. */
export function documentation({ summary, runbook }: Pick<Alert, "summary" | "runbook">): string {
  return `${summary}\n\n${runbook}`;
}

function requireValid(name: string, alert: Alert): void {
  if (!/^[A-Za-z_][A-Za-z0-9_]*$/.test(name)) {
    throw new Error(`alerts must be named by [A-Za-z_][A-Za-z0-9_]*, got ${JSON.stringify(name)}`);
  }
  const interval = alert.evaluationIntervalSeconds;
  if (!Number.isInteger(interval / 30) || interval <= 0) {
    throw new Error(
      `evaluationIntervalSeconds of ${name} must be a positive multiple of 30, got ${JSON.stringify(interval)}`,
    );
  }
  const { length } = documentation(alert);
  if (length > DOCUMENTATION_LIMIT) {
    throw new Error(
      `runbook of ${name} must leave its documentation at ${DOCUMENTATION_LIMIT} characters at most, got ${length}`,
    );
  }
}
