import type { NotificationChannel } from "../rules/notification-channel.ts";
import type { DeliverySettings } from "./settings.ts";

/** A receiver of Alertmanager: one way out of one channel. */
export type Receiver = Readonly<Record<string, unknown>> & { readonly name: string };

const title = "[{{ .Status | toUpper }}] {{ .CommonLabels.project }} {{ .CommonLabels.alertname }}";
const text = `{{ .CommonAnnotations.summary }}

{{ .CommonAnnotations.documentation }}

{{ range .CommonLabels.SortedPairs }}{{ .Name }} = {{ .Value }}
{{ end }}`;

/**
 * The receiver of a channel, in the shape of its type; none for a type that nothing here can stand in for.
 *
 * @param name name of the receiver.
 * @param sendsResolved whether it hears of incidents that close.
 */
export function receiverOf(
  channel: NotificationChannel,
  name: string,
  sendsResolved: boolean,
  settings: DeliverySettings,
): Receiver | undefined {
  const { type = "", labels = {} } = channel;
  const shape = shapes[type]?.(labels, settings);
  if (!shape) return undefined;
  const [kind, integration] = shape;
  return { name, [kind]: [{ send_resolved: sendsResolved, ...integration }] };
}

type Labels = Readonly<Record<string, string>>;
type Shape = (labels: Labels, settings: DeliverySettings) => readonly [string, object];

const shapes: Readonly<Record<string, Shape>> = {
  email: (labels, { smarthost }) => [
    "email_configs",
    {
      to: labels["email_address"],
      from: "Cloud Monitoring <alerting@monitoring.invalid>",
      smarthost,
      require_tls: false,
      headers: { Subject: title },
      text,
      html: "",
    },
  ],
  pagerduty: (labels, { receiver }) => [
    "pagerduty_configs",
    {
      routing_key: labels["service_key"],
      url: `${receiver}pagerduty/v2/enqueue`,
      description: title,
      severity:
        "{{ if .CommonLabels.severity }}{{ .CommonLabels.severity }}{{ else }}error{{ end }}",
      details: { summary: text },
    },
  ],
  slack: (labels, { receiver }) => [
    "slack_configs",
    {
      api_url: `${receiver}slack/api/chat.postMessage`,
      channel: labels["channel_name"],
      title,
      fallback: title,
      text,
      http_config: { authorization: { credentials: labels["auth_token"] } },
    },
  ],
  webhook_basicauth: (labels) => [
    "webhook_configs",
    {
      url: labels["url"],
      http_config: { basic_auth: { username: labels["username"], password: labels["password"] } },
    },
  ],
  webhook_tokenauth: (labels) => ["webhook_configs", { url: labels["url"] }],
};
