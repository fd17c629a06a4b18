/** One label of a type of channel. */
export interface ChannelLabel {
  readonly key: string;
  /** What it holds, for a person. */
  readonly description: string;
  readonly isOptional?: boolean;
  /** A credential: stored, never shown again. */
  readonly isSensitive?: boolean;
  /** What a value looks like; anything where it is not given. */
  readonly form?: RegExp;
}

/** A way to notify somebody. */
export interface ChannelType {
  readonly displayName: string;
  readonly labels: readonly ChannelLabel[];
}

const httpUrl = /^https?:\/\/[^\s/]+(\/\S*)?$/;

const types: Readonly<Record<string, ChannelType>> = {
  campfire: {
    displayName: "Campfire",
    labels: [
      { key: "auth_token", description: "API token", isSensitive: true },
      { key: "room", description: "Room to post to" },
      { key: "subdomain", description: "Subdomain of the account" },
    ],
  },
  email: {
    displayName: "Email",
    labels: [
      { key: "email_address", description: "Address to send to", form: /^[^@\s]+@[^@\s]+$/ },
    ],
  },
  google_chat: {
    displayName: "Google Chat",
    labels: [{ key: "space", description: "Space to post to", form: /^spaces\/[^\s/]+$/ }],
  },
  hipchat: {
    displayName: "HipChat",
    labels: [
      { key: "auth_token", description: "Authentication token", isSensitive: true },
      { key: "room", description: "Room to post to" },
    ],
  },
  pagerduty: {
    displayName: "PagerDuty",
    labels: [{ key: "service_key", description: "Integration key", isSensitive: true }],
  },
  pubsub: {
    displayName: "Cloud Pub/Sub",
    labels: [
      {
        key: "topic",
        description: "Topic to publish to",
        form: /^projects\/[^\s/]+\/topics\/[^\s/]+$/,
      },
    ],
  },
  slack: {
    displayName: "Slack",
    labels: [
      { key: "auth_token", description: "OAuth token", isSensitive: true },
      { key: "channel_name", description: "Channel to post to" },
      { key: "team", description: "Workspace of the channel", isOptional: true },
    ],
  },
  sms: {
    displayName: "SMS",
    labels: [
      {
        key: "number",
        description: "Telephone number, with its country's code",
        form: /^\+?[0-9() -]{5,20}$/,
      },
    ],
  },
  webhook_basicauth: {
    displayName: "Webhook with basic authentication",
    labels: [
      { key: "password", description: "Password", isSensitive: true },
      { key: "url", description: "URL to post to", form: httpUrl },
      { key: "username", description: "User name" },
    ],
  },
  webhook_tokenauth: {
    displayName: "Webhook with token authentication",
    labels: [{ key: "url", description: "URL to post to, its token included", form: httpUrl }],
  },
};

/** Types of channel by their names, as the API's descriptors list them. */
export const channelTypes: ReadonlyMap<string, ChannelType> = new Map(Object.entries(types));
