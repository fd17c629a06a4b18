import type * as gcp from "@pulumi/gcp";
import type * as pulumi from "@pulumi/pulumi";

/** Ways by which somebody is told of an alert: a mailbox, what wakes somebody up, what a team reads by day. */
export const alertChannels = ["email", "pager", "chat"] as const;

/** One of {@link alertChannels}. */
export type AlertChannel = (typeof alertChannels)[number];

/** What each kind of way needs; what is secret has to be a secret of Pulumi. */
export type ChannelConnection =
  | { readonly kind: "email"; readonly address: string }
  | {
      readonly kind: "pagerduty";
      /** Integration key of a service with the Events API v2 (secret). */
      readonly serviceKey: pulumi.Input<string>;
    }
  | {
      readonly kind: "slack";
      /** Name of the channel, such as `#marketing`. */
      readonly channel: string;
      /** Token of a bot that may write there (secret). */
      readonly token: pulumi.Input<string>;
    }
  | {
      readonly kind: "webhook";
      /** Where incidents are posted to; who may post is part of it (secret). */
      readonly url: pulumi.Input<string>;
    };

/** What Cloud Monitoring calls a way, and what it is told of it. */
export function channelArgs(
  connection: ChannelConnection,
): Pick<gcp.monitoring.NotificationChannelArgs, "type" | "labels" | "sensitiveLabels"> {
  switch (connection.kind) {
    case "email":
      return { type: "email", labels: { email_address: connection.address } };
    case "pagerduty":
      return { type: "pagerduty", sensitiveLabels: { serviceKey: connection.serviceKey } };
    case "slack":
      return {
        type: "slack",
        labels: { channel_name: connection.channel },
        sensitiveLabels: { authToken: connection.token },
      };
    case "webhook":
      return { type: "webhook_tokenauth", labels: { url: connection.url } };
  }
}
