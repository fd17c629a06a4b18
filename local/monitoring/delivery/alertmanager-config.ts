import { secondsOf } from "../protos/duration.ts";
import type { AlertPolicy } from "../rules/alert-policy.ts";
import type { NotificationChannel } from "../rules/notification-channel.ts";
import { receiverOf, type Receiver } from "./receivers.ts";
import type { DeliverySettings } from "./settings.ts";

/** An incident is notified once: repeated by Alertmanager only after this, which is as long as it remembers. */
export const REPEAT_INTERVAL = "2160h";

/** Receives what no channel wants. */
const NOBODY = "nobody";

/** What Alertmanager needs to know of one project. */
export interface Notified {
  readonly policies: readonly AlertPolicy[];
  readonly channels: ReadonlyMap<string, NotificationChannel>;
}

/**
 * The configuration of Alertmanager: one route for each channel of each policy, one notification for each incident.
 *
 * Holds the credentials of channels.
 */
export function alertmanagerConfig(
  projects: readonly Notified[],
  settings: DeliverySettings,
): object {
  const receivers = new Map<string, Receiver>([[NOBODY, { name: NOBODY }]]);
  const routes = projects.flatMap(({ policies, channels }) =>
    policies.flatMap((policy) =>
      (policy.notificationChannels ?? []).flatMap((name) => {
        const channel = channels.get(name);
        if (!channel || channel.enabled === false) return [];
        const hearsClosed = promptsOf(policy).includes("CLOSED");
        const receiver = receiverOf(
          channel,
          hearsClosed ? name : `${name} opened`,
          hearsClosed,
          settings,
        );
        if (!receiver) return [];
        receivers.set(receiver.name, receiver);
        return [routeTo(receiver.name, policy, name)];
      }),
    ),
  );
  return {
    route: {
      receiver: NOBODY,
      group_by: ["..."],
      group_wait: "0s",
      group_interval: "5s",
      repeat_interval: REPEAT_INTERVAL,
      routes,
    },
    receivers: [...receivers.values()],
  };
}

function routeTo(receiver: string, policy: AlertPolicy, channel: string): object {
  const strategy = policy.alertStrategy?.notificationChannelStrategy?.find(
    ({ notificationChannelNames = [] }) => notificationChannelNames.includes(channel),
  );
  return {
    receiver,
    matchers: [`policy=${JSON.stringify(policy.name)}`],
    continue: true,
    ...(strategy?.renotifyInterval
      ? { repeat_interval: `${secondsOf(strategy.renotifyInterval)}s` }
      : {}),
  };
}

/** What a policy notifies of: by default that an incident opens and that it closes. */
function promptsOf({ alertStrategy }: AlertPolicy): readonly string[] {
  return alertStrategy?.notificationPrompts ?? ["OPENED", "CLOSED"];
}
