import type { EventType } from "../../contract/event.ts";
import { isoTime } from "./clock.ts";
import type { Draft, Unusable } from "./dialect.ts";
import { isFields, shown, textOf, without } from "./fields.ts";
import type { Fields } from "./fields.ts";
import { grantedByCategory } from "./granted.ts";
import { messageId } from "./message-id.ts";

/** Events that have a type of their own. */
const TYPES: ReadonlyMap<string, EventType> = new Map([
  ["$mp_web_page_view", "page"],
  ["$identify", "identify"],
  ["$create_alias", "alias"],
]);

const PLACED = new Set(["event", "properties"]);
const PLACED_PROPERTIES = new Set(["token", "distinct_id", "time", "$insert_id", "consent"]);

/** What `distinct_id` of a person not logged in begins with. */
const DEVICE = "$device:";

/** Times from here on are milliseconds, those before seconds: in both the years 1973 to 5138. */
const FIRST_MILLISECOND = 1e11;

/** The contract's view of one event of Mixpanel (README.md), or the reason why it is none. */
export function mixpanelDraft(sent: unknown, receivedAt: number): Draft | Unusable {
  if (!isFields(sent)) return { reason: "event must be a JSON object" };
  const { event, properties } = sent;
  if (typeof event !== "string" || event === "") {
    return { reason: `event must be the name of what happened, got ${shown(event)}` };
  }
  if (!isFields(properties)) {
    return { reason: `properties must be a JSON object, got ${shown(properties)}` };
  }
  const time = properties.time ?? undefined;
  const occurredAt = mixpanelTime(time, receivedAt);
  if (occurredAt === undefined)
    return { reason: `time must be seconds or milliseconds since 1970, got ${shown(time)}` };

  const type = TYPES.get(event) ?? "track";
  const all = Object.entries(without(properties, PLACED_PROPERTIES));
  const isVendors = ([key]: [string, unknown]): boolean => /^(\$|mp_)/.test(key);
  const { alias, ...said } = Object.fromEntries(all.filter((one) => !isVendors(one))) as Fields;
  // What the SDK registered is said with each event, and is no trait of who logs in.
  const isDescription = type === "identify";
  return {
    id: messageId(properties.$insert_id, time !== undefined),
    type,
    name: nameOf(type, event, properties),
    ...personOf(properties.distinct_id, properties),
    occurredAt,
    context: {
      ...without(sent, PLACED),
      ...Object.fromEntries(all.filter(isVendors)),
      ...(isDescription ? said : {}),
      ...(properties.consent === undefined ? {} : { consent: properties.consent }),
    },
    properties: {
      ...(isDescription ? {} : said),
      ...(alias === undefined ? {} : { [type === "alias" ? "previousId" : "alias"]: alias }),
    },
    consent: grantedByCategory(properties.consent),
    campaign: textOf(properties.utm_campaign),
  };
}

/**
 * When it happened, in ISO 8601; undefined if that is no time.
 *
 * @param time seconds or milliseconds since 1970; undefined for when it was received.
 */
export function mixpanelTime(time: unknown, receivedAt: number): string | undefined {
  if (time === undefined) return isoTime(receivedAt);
  const value = typeof time === "string" && time !== "" ? Number(time) : time;
  if (typeof value !== "number") return undefined;
  return isoTime(value >= FIRST_MILLISECOND ? value : value * 1_000);
}

/** Whose event it is. */
export function personOf(
  distinctId: unknown,
  { $user_id, $device_id }: Fields,
): Pick<Draft, "anonymousId" | "userId"> {
  const id = textOf(distinctId);
  const device = id?.startsWith(DEVICE) ? textOf(id.slice(DEVICE.length)) : null;
  return {
    anonymousId: textOf($device_id) ?? device,
    userId: textOf($user_id) ?? (id?.startsWith(DEVICE) ? null : id),
  };
}

function nameOf(type: EventType, event: string, properties: Fields): string | null {
  if (type === "track") return event;
  return type === "page" ? textOf(properties.current_page_title) : null;
}
