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
  ["$pageview", "page"],
  ["$screen", "screen"],
  ["$identify", "identify"],
  ["$set", "identify"],
  ["$groupidentify", "group"],
  ["$create_alias", "alias"],
]);

const PLACED = new Set(["uuid", "event", "distinct_id", "properties", "timestamp", "offset"]);
const PLACED_PROPERTIES = new Set(["token", "distinct_id", "alias", "consent"]);

/** What posthog-js says for the id of everybody, where it may keep none. */
const NOBODY = "$posthog_cookieless";

/** How an event reached the server. */
export interface Envelope {
  /** `sent_at` of the batch. */
  readonly sentAt: unknown;
  /** When it was received, in milliseconds since 1970. */
  readonly receivedAt: number;
}

/** The contract's view of one event of PostHog (README.md), or the reason why it is none. */
export function posthogDraft(sent: unknown, envelope: Envelope): Draft | Unusable {
  if (!isFields(sent)) return { reason: "event must be a JSON object" };
  const { event, properties: given, offset } = sent;
  const timestamp = sent.timestamp ?? undefined;
  if (typeof event !== "string" || event === "") {
    return { reason: `event must be the name of what happened, got ${shown(event)}` };
  }
  const properties = given ?? {};
  if (!isFields(properties)) {
    return { reason: `properties must be a JSON object, got ${shown(properties)}` };
  }
  const distinctId = textOf(sent.distinct_id) ?? textOf(properties.distinct_id);
  if (distinctId === null) return { reason: "distinct_id must be given" };
  const occurredAt = timeOf(timestamp, offset, envelope);
  if (occurredAt === undefined) {
    return { reason: `timestamp must be a time in ISO 8601, got ${shown(timestamp)}` };
  }

  const type = TYPES.get(event) ?? "track";
  const all = without(properties, PLACED_PROPERTIES);
  const [circumstances, said] = [true, false].map((isVendors) =>
    Object.fromEntries(Object.entries(all).filter(([key]) => key.startsWith("$") === isVendors)),
  ) as [Fields, Fields];
  const set = firstFields(sent.$set, properties.$set);
  const groupSet = firstFields(properties.$group_set);
  const consent = properties.consent ?? set.consent ?? groupSet.consent;
  // What posthog-js registered is said with each event, and is no trait of whom it describes.
  const isDescription = type === "identify" || type === "group";
  return {
    id: messageId(sent.uuid ?? properties.$insert_id, timestamp !== undefined),
    type,
    name: nameOf(type, event, properties),
    ...personOf(type, distinctId, properties),
    occurredAt,
    context: {
      ...without(sent, PLACED),
      ...circumstances,
      ...(isDescription ? said : {}),
      ...(type === "group" ? { groupId: properties.$group_key } : {}),
      ...(consent === undefined ? {} : { consent }),
    },
    properties: {
      ...(isDescription ? {} : said),
      ...(type === "identify" ? { ...unset(sent.$unset ?? properties.$unset), ...set } : {}),
      ...(type === "group" ? groupSet : {}),
      ...(type === "alias" ? { previousId: properties.alias } : {}),
      ...(type === "track" && "alias" in properties ? { alias: properties.alias } : {}),
    },
    consent: grantedByCategory(consent),
    campaign: textOf(properties.utm_campaign) ?? textOf(properties.$session_entry_utm_campaign),
  };
}

function nameOf(type: EventType, event: string, properties: Fields): string | null {
  if (type === "track") return event;
  if (type === "page") return textOf(properties.title);
  return type === "screen" ? textOf(properties.$screen_name) : null;
}

/** Whose event it is: `distinct_id` names a person logged in, one not logged in, or the group that is described. */
function personOf(
  type: EventType,
  distinctId: string,
  properties: Fields,
): Pick<Draft, "anonymousId" | "userId"> {
  const { $group_type, $group_key, $device_id } = properties;
  if (type === "group" && distinctId === `$${String($group_type)}_${String($group_key)}`) {
    return { anonymousId: null, userId: null };
  }
  if (distinctId === NOBODY || (type === "group" && isMadeForGroup(distinctId, properties))) {
    return { anonymousId: null, userId: null };
  }
  const isAnonymous =
    properties.$is_identified === false ||
    properties.$process_person_profile === false ||
    $device_id === distinctId ||
    isMadeForDevice(distinctId, properties);
  return isAnonymous
    ? { anonymousId: distinctId, userId: null }
    : {
        anonymousId: textOf(properties.$anon_distinct_id) ?? textOf($device_id),
        userId: distinctId,
      };
}

/** Whether an id is what its SDK for Python makes anew for each description of a group by nobody. */
function isMadeForGroup(distinctId: string, { $lib }: Fields): boolean {
  return $lib === "posthog-python" && uuidVersion(distinctId) === "4";
}

/**
 * Whether an id is what an SDK makes for a device: posthog-js-lite and that for React Native do not say of groups, aliases and
 * what they capture by themselves whether the person is identified.
 */
function isMadeForDevice(
  distinctId: string,
  { $lib, $is_identified, $anon_distinct_id }: Fields,
): boolean {
  return (
    ($lib === "js" || $lib === "posthog-react-native") &&
    $is_identified === undefined &&
    $anon_distinct_id === undefined &&
    uuidVersion(distinctId) === "7"
  );
}

function uuidVersion(id: string): string | undefined {
  return /^[\da-f]{8}-[\da-f]{4}-(\d)[\da-f]{3}-[89ab][\da-f]{3}-[\da-f]{12}$/.exec(id)?.[1];
}

function timeOf(
  timestamp: unknown,
  offset: unknown,
  { sentAt, receivedAt }: Envelope,
): string | undefined {
  if (timestamp !== undefined) {
    const happened = isoMilliseconds(timestamp);
    return happened === undefined
      ? undefined
      : isoTime(byServerClock(happened, isoMilliseconds(sentAt), receivedAt));
  }
  return isoTime(receivedAt - (typeof offset === "number" ? offset : 0));
}

function firstFields(...values: unknown[]): Fields {
  return values.find(isFields) ?? {};
}
