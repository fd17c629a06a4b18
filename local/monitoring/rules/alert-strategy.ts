import { invalidField, missingField } from "../api-error.ts";
import { durationAsText } from "../protos/duration.ts";
import type { AlertStrategy } from "./alert-policy.ts";
import { requireDuration } from "./limits.ts";

const MINUTE = 60;
const DAY = 24 * 60 * MINUTE;

/**
 * Checks how often and about what channels are notified.
 *
 * The API's own messages name these fields in camelCase and without the policy.
 *
 * @param channels channels of the policy; those with a strategy of their own must be among them.
 */
export function checkAlertStrategy(
  strategy: AlertStrategy,
  isLogBased: boolean,
  channels: readonly string[],
): void {
  const { notificationRateLimit, notificationPrompts, autoClose } = strategy;
  if (isLogBased && !notificationRateLimit?.period) {
    throw missingField("alertStrategy.notificationRateLimit");
  }
  if (!isLogBased && notificationRateLimit) {
    const text = `period { ${durationAsText(notificationRateLimit.period ?? "0s")} }`;
    const rule = "only log-based alert policies may specify a notification rate limit";
    throw invalidField("alertStrategy.notificationRateLimit", text, rule);
  }
  if (notificationPrompts) checkPrompts(notificationPrompts, isLogBased);
  requireDuration("alertStrategy.autoClose", autoClose, {
    least: 30 * MINUTE,
    rule: "the autoclose duration should be at least 30 minutes",
  });
  requireDuration("alertStrategy.autoClose", autoClose, {
    most: 7 * DAY,
    rule: "the autoclose duration should be at most 7 days",
  });
  strategy.notificationChannelStrategy?.forEach(
    ({ notificationChannelNames = [], renotifyInterval }, index) => {
      const at = `alertStrategy.notificationChannelStrategy[${index}]`;
      requireDuration(`${at}.renotifyInterval`, renotifyInterval, {
        least: 30 * MINUTE,
        most: DAY,
        rule: "the renotify interval should be from 30 minutes to 24 hours",
      });
      const stranger = notificationChannelNames.find((name) => !channels.includes(name));
      if (stranger !== undefined) {
        const rule = "must also be in the policy's notification_channels";
        throw invalidField(`${at}.notificationChannelNames`, stranger, rule);
      }
    },
  );
}

function checkPrompts(prompts: readonly string[], isLogBased: boolean): void {
  const opened = prompts.length === 1 && prompts[0] === "OPENED";
  const both = prompts.length === 2 && prompts.includes("OPENED") && prompts.includes("CLOSED");
  if (opened || (both && !isLogBased)) return;
  const rule = isLogBased
    ? "the notification prompts of log-based alert policies must be [OPENED]"
    : "the notification prompts must be [OPENED] or [OPENED, CLOSED]";
  throw invalidField("alertStrategy.notificationPrompts", prompts.join(", "), rule);
}
