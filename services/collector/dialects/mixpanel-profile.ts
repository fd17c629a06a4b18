import type { Draft, Unusable } from "./dialect.ts";
import { isFields, shown, textOf, without } from "./fields.ts";
import type { Fields } from "./fields.ts";
import { grantedByCategory } from "./granted.ts";
import { messageId } from "./message-id.ts";
import { unset } from "./unset.ts";
import { mixpanelTime, personOf } from "./mixpanel-event.ts";

const PLACED = new Set(["$token", "$distinct_id", "$time", "$set", "$group_id"]);

/** The contract's view of one change of a person's profile (README.md), or the reason why it is none. */
export function personDraft(sent: unknown, receivedAt: number): Draft | Unusable {
  if (!isFields(sent)) return { reason: "change must be a JSON object" };
  const person = personOf(sent.$distinct_id, sent);
  if (person.anonymousId === null && person.userId === null) {
    return { reason: `$distinct_id must be given, got ${shown(sent.$distinct_id)}` };
  }
  return profileDraft(sent, receivedAt, { type: "identify", ...person });
}

/** The contract's view of one change of a group's profile (README.md), or the reason why it is none. */
export function groupDraft(sent: unknown, receivedAt: number): Draft | Unusable {
  if (!isFields(sent)) return { reason: "change must be a JSON object" };
  if (textOf(sent.$group_key) === null || textOf(sent.$group_id) === null) {
    return { reason: "$group_key and $group_id must be given" };
  }
  return profileDraft(sent, receivedAt, { type: "group", anonymousId: null, userId: null });
}

function profileDraft(
  sent: Fields,
  receivedAt: number,
  who: Pick<Draft, "type" | "anonymousId" | "userId">,
): Draft | Unusable {
  const { $set, $set_once, $unset, $time, $group_id } = sent;
  if ($set !== undefined && !isFields($set)) {
    return { reason: `$set must be a JSON object, got ${shown($set)}` };
  }
  const occurredAt = mixpanelTime($time ?? undefined, receivedAt);
  if (occurredAt === undefined) {
    return { reason: `$time must be seconds or milliseconds since 1970, got ${shown($time)}` };
  }
  const { consent: once } = isFields($set_once) ? $set_once : ({} as Fields);
  return {
    id: messageId(sent.$insert_id, ($time ?? undefined) !== undefined),
    ...who,
    name: null,
    occurredAt,
    context: {
      ...without(sent, PLACED),
      ...(who.type === "group" ? { groupId: $group_id } : {}),
    },
    properties: { ...unset($unset), ...$set },
    consent: grantedByCategory($set?.consent ?? once ?? sent.consent),
    campaign: null,
  };
}
