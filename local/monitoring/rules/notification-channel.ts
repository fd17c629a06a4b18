import { invalidArgument, invalidField, missingField } from "../api-error.ts";
import type { MutationRecord } from "./alert-policy.ts";
import { channelTypes } from "./channel-types.ts";
import { requireLength } from "./limits.ts";
import { checkUserLabels } from "./user-labels.ts";

/** A notification channel in its canonical form. */
export interface NotificationChannel {
  name: string;
  readonly type?: string;
  readonly displayName?: string;
  readonly description?: string;
  labels?: Record<string, string>;
  readonly userLabels?: Readonly<Record<string, string>>;
  enabled?: boolean;
  verificationStatus?: string;
  creationRecord?: MutationRecord;
  mutationRecords?: readonly MutationRecord[];
}

/** What a reader gets instead of a credential. */
const OBFUSCATED = "**********";

const FIELD = "notification_channel";

/**
 * Checks a channel against the rules of the API that its schema cannot state.
 *
 * No message repeats a label's value: any may be a secret, a webhook's URL included.
 *
 * @throws ApiError about the first rule that it breaks.
 */
export function checkNotificationChannel(channel: NotificationChannel): void {
  const { type, displayName, description, labels = {}, userLabels, verificationStatus } = channel;
  if (!type) throw missingField(`${FIELD}.type`);
  const known = channelTypes.get(type);
  if (!known) {
    const rule = `must be one of ${[...channelTypes.keys()].join(", ")}.`;
    throw invalidField(`${FIELD}.type`, type, rule);
  }
  requireLength(`${FIELD}.display_name`, displayName, 512);
  requireLength(`${FIELD}.description`, description, 1024);
  checkUserLabels(`${FIELD}.user_labels`, userLabels);
  if (verificationStatus) {
    throw invalidField(`${FIELD}.verification_status`, verificationStatus, "Field must be empty.");
  }
  const unknown = Object.keys(labels).find(
    (key) => !known.labels.some((label) => label.key === key),
  );
  if (unknown !== undefined) {
    throw invalidField(
      `${FIELD}.labels`,
      unknown,
      `Channels of type "${type}" have no such label.`,
    );
  }
  for (const { key, form, isOptional } of known.labels) {
    const value = labels[key];
    const field = `${FIELD}.labels[${key}]`;
    if (value === undefined && !isOptional) throw missingField(field);
    if (value === "") {
      throw invalidArgument(
        `Field ${field} had an invalid value: Value must NOT be empty if provided.`,
      );
    }
    if (value !== undefined && form && !form.test(value)) {
      throw invalidArgument(
        `Field ${field} had an invalid value: Value must match ${String(form)}.`,
      );
    }
  }
}

/** The channel as readers get it: without its credentials. */
export function withoutCredentials(channel: NotificationChannel): NotificationChannel {
  const labels = { ...channel.labels };
  for (const key of credentialsOf(channel)) if (labels[key] !== undefined) labels[key] = OBFUSCATED;
  return { ...channel, labels };
}

/** The channel with what {@link withoutCredentials} hid put back, where a caller sends back what it read. */
export function withCredentials(
  channel: NotificationChannel,
  stored: NotificationChannel,
): NotificationChannel {
  const labels = { ...channel.labels };
  for (const key of credentialsOf(channel)) {
    const kept = stored.labels?.[key];
    if (labels[key] === OBFUSCATED && kept !== undefined) labels[key] = kept;
  }
  return { ...channel, labels };
}

function credentialsOf({ type = "" }: NotificationChannel): string[] {
  return (channelTypes.get(type)?.labels ?? [])
    .filter(({ isSensitive }) => isSensitive)
    .map(({ key }) => key);
}
