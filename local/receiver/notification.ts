/** A notification that has arrived. */
export interface Notification {
  /** RFC 3339. */
  readonly receivedAt: string;
  readonly via: "webhook" | "email" | "slack" | "pagerduty";
  /** Address, Slack channel or path of the webhook without its query, which may hold a token; "" for PagerDuty. */
  readonly to: string;
  readonly status: "firing" | "resolved";
  /** Google Cloud project of the policy; "" where the notification does not say. */
  readonly project: string;
  /** Name of the alert; "" where the notification does not say. */
  readonly alert: string;
  /** Labels of the alert; only webhooks carry them. */
  readonly labels: Readonly<Record<string, string>>;
  readonly text: string;
}

/** Which notifications somebody asks for; all of what is not given. */
export interface Wanted {
  readonly project?: string | undefined;
  readonly alert?: string | undefined;
  /** RFC 3339; those received at that moment or later. */
  readonly since?: string | undefined;
}

/** How many notifications are kept: the latest. */
const KEPT = 10_000;

/** The notifications that arrived since this process started. */
export class Inbox {
  #received: Notification[] = [];

  add(notification: Omit<Notification, "receivedAt">): void {
    const receivedAt = new Date().toISOString();
    this.#received = [...this.#received, { receivedAt, ...notification }].slice(-KEPT);
  }

  /** Oldest first. */
  list({ project, alert, since }: Wanted): Notification[] {
    return this.#received.filter(
      (one) =>
        (project === undefined || one.project === project) &&
        (alert === undefined || one.alert === alert) &&
        (since === undefined || Date.parse(one.receivedAt) >= Date.parse(since)),
    );
  }
}
