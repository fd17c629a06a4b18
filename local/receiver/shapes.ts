import type { Notification } from "./notification.ts";

type Arrived = Omit<Notification, "receivedAt">;

/** What Alertmanager posts to a webhook: one notification for each of its alerts. */
export function fromWebhook(body: unknown, path: string): Arrived[] {
  const { alerts = [] } = (body ?? {}) as { alerts?: readonly WebhookAlert[] };
  return alerts.map(({ status, labels = {}, annotations = {} }) => ({
    via: "webhook",
    to: path,
    status: status === "resolved" ? "resolved" : "firing",
    project: labels["project"] ?? "",
    alert: labels["alertname"] ?? "",
    labels,
    text: annotations["summary"] ?? "",
  }));
}

/** What is posted to Slack's `chat.postMessage`. */
export function fromSlack(body: unknown): Arrived {
  const { channel = "", attachments = [] } = (body ?? {}) as SlackMessage;
  const { title = "", text = "" } = attachments[0] ?? {};
  return { via: "slack", to: channel, ...readTitle(title), labels: {}, text };
}

/** What is posted to PagerDuty's Events API v2. */
export function fromPagerduty(body: unknown): Arrived {
  const { event_action: action, payload = {} } = (body ?? {}) as PagerdutyEvent;
  const { summary = "", custom_details: details = {} } = payload;
  return {
    via: "pagerduty",
    to: "",
    ...readTitle(summary),
    ...(action === "resolve" ? { status: "resolved" as const } : {}),
    labels: {},
    text: details.summary ?? "",
  };
}

/** A message as it came over SMTP: headers, an empty line, a body. */
export function fromMail(message: string, to: string): Arrived {
  const end = message.search(/\r?\n\r?\n/);
  const headers = message.slice(0, end).replace(/\r?\n[ \t]+/g, " ");
  const subject = /^Subject: (.*)$/im.exec(headers)?.[1]?.trim() ?? "";
  const text = message.slice(end).trim();
  return { via: "email", to, ...readTitle(decodeWords(subject)), labels: {}, text };
}

interface WebhookAlert {
  readonly status?: string;
  readonly labels?: Readonly<Record<string, string>>;
  readonly annotations?: Readonly<Record<string, string>>;
}

interface SlackMessage {
  readonly channel?: string;
  readonly attachments?: readonly { readonly title?: string; readonly text?: string }[];
}

interface PagerdutyEvent {
  readonly event_action?: string;
  readonly payload?: {
    readonly summary?: string;
    readonly custom_details?: { readonly summary?: string };
  };
}

/** Reads `[FIRING] project alert`, which the emulator has Alertmanager write on everything. */
function readTitle(title: string): Pick<Notification, "status" | "project" | "alert"> {
  const [, status, project = "", alert = ""] = /^\[(\w+)\] (\S*) (\S*)$/.exec(title) ?? [];
  return { status: status === "RESOLVED" ? "resolved" : "firing", project, alert };
}

/** A header's words in quoted-printable (RFC 2047), as Go's mail writers encode it when they encode it. */
function decodeWords(text: string): string {
  return text.replace(/=\?utf-8\?q\?(.*?)\?=/gi, (_, encoded: string) =>
    decodeURIComponent(
      encoded
        .replaceAll("_", " ")
        .replaceAll("%", "%25")
        .replace(/=([0-9A-F]{2})/gi, "%$1"),
    ),
  );
}
