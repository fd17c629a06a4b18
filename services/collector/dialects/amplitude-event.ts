import type { EventType } from "../../contract/event.ts";
import { byServerClock, isoMilliseconds, isoTime } from "./clock.ts";
import type { Draft, Unusable } from "./dialect.ts";
import { isFields, shown, textOf, without } from "./fields.ts";
import type { Fields } from "./fields.ts";
import { grantedByCategory } from "./granted.ts";
import { messageId } from "./message-id.ts";
import { unset } from "./unset.ts";

/** Events that have a type of their own. */
const TYPES: ReadonlyMap<string, EventType> = new Map([
  ["$identify", "identify"],
  ["$groupidentify", "group"],
  ["[Amplitude] Page Viewed", "page"],
]);

const PLACED = new Set([
  "insert_id",
  "event_type",
  "device_id",
  "user_id",
  "time",
  "event_properties",
]);

/** Fields that must be objects if they are given. */
const OBJECTS = ["event_properties", "user_properties", "group_properties", "groups"];

const CONSENT = new Set(["consent"]);

/** How an event reached the server. */
export interface Envelope {
  /** `client_upload_time` of the request. */
  readonly sentAt: unknown;
  /** When it was received, in milliseconds since 1970. */
  readonly receivedAt: number;
}

/** The contract's view of one event of Amplitude (README.md), or the reason why it is none. */
export function amplitudeDraft(sent: unknown, envelope: Envelope): Draft | Unusable {
  if (!isFields(sent)) return { reason: "event must be a JSON object" };
  const { event_type: name } = sent;
  if (typeof name !== "string" || name === "") {
    return { reason: `event_type must be the name of what happened, got ${shown(name)}` };
  }
  const anonymousId = textOf(sent.device_id);
  const userId = textOf(sent.user_id);
  if (anonymousId === null && userId === null) {
    return { reason: "user_id or device_id must be given, got neither" };
  }
  for (const field of OBJECTS) {
    if (sent[field] !== undefined && sent[field] !== null && !isFields(sent[field])) {
      return { reason: `${field} must be a JSON object, got ${shown(sent[field])}` };
    }
  }
  const occurredAt = timeOf(sent.time ?? undefined, envelope);
  if (occurredAt === undefined) {
    return { reason: `time must be milliseconds since 1970, got ${shown(sent.time)}` };
  }

  const type = TYPES.get(name) ?? "track";
  const [given, user, group, groups] = OBJECTS.map((field) => sent[field] ?? {}) as [
    Fields,
    Fields,
    Fields,
    Fields,
  ];
  const properties = without(given, CONSENT);
  const set = setBy(type === "group" ? group : user);
  const consent = given.consent ?? set.consent;
  return {
    id: messageId(sent.insert_id, (sent.time ?? undefined) !== undefined),
    type,
    name: nameOf(type, name, properties),
    anonymousId,
    userId,
    occurredAt,
    context: {
      ...without(sent, PLACED),
      ...(consent === undefined ? {} : { consent }),
      ...(type === "group" ? { groupId: Object.values(groups).flat()[0] } : {}),
    },
    properties: type === "identify" || type === "group" ? { ...properties, ...set } : properties,
    consent: grantedByCategory(consent),
    campaign: textOf(properties.utm_campaign) ?? textOf(set.utm_campaign),
  };
}

/** What `$set` and `$unset` leave, or else the values themselves where no operation is named. */
function setBy(properties: Fields): Fields {
  if (!Object.keys(properties).some((key) => key.startsWith("$"))) return properties;
  const { $set, $unset } = properties;
  return { ...unset(Object.keys(isFields($unset) ? $unset : {})), ...(isFields($set) ? $set : {}) };
}

function nameOf(type: EventType, name: string, properties: Fields): string | null {
  if (type === "track") return name;
  return type === "page" ? textOf(properties["[Amplitude] Page Title"]) : null;
}

function timeOf(time: unknown, { sentAt, receivedAt }: Envelope): string | undefined {
  if (time === undefined) return isoTime(receivedAt);
  if (typeof time !== "number") return undefined;
  return isoTime(byServerClock(time, isoMilliseconds(sentAt), receivedAt));
}
