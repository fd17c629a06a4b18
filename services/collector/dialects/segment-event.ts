import { EVENT_TYPES, PURPOSES } from "../../contract/event.ts";
import type { EventType, Purpose } from "../../contract/event.ts";
import type { Draft } from "./dialect.ts";

type Fields = Readonly<Record<string, unknown>>;

/** A clock less than this many milliseconds off is believed: so much a slow network can explain. */
const CLOCK_TOLERANCE = 60_000;

/** Types that Segment's SDKs send; `exposure` is the contract's own. */
const TYPES: ReadonlySet<unknown> = new Set(EVENT_TYPES.filter((type) => type !== "exposure"));

/** How an event reached the server. */
export interface Envelope {
  /** Type that the path says; it counts more than what the event says. */
  readonly type?: EventType;
  /** `sentAt` of the batch. */
  readonly sentAt?: unknown;
  /** When it was received, in milliseconds since 1970. */
  readonly receivedAt: number;
}

/**
 * The contract's view of one event of Segment's HTTP API, or the reason why it is none.
 *
 * | Segment | contract |
 * |---|---|
 * | messageId | id |
 * | event (track), name (page, screen) | name |
 * | properties; traits of identify and group | properties |
 * | category (page, screen), previousId (alias) | properties |
 * | groupId | context.groupId |
 * | timestamp, else originalTimestamp, else receivedAt; put right by sentAt if the clock is off | occurredAt |
 * | context.consent.categoryPreferences | consent |
 * | context.campaign.name | campaign |
 * | integrations | context.integrations |
 */
export function segmentDraft(sent: unknown, envelope: Envelope): Draft | { reason: string } {
  if (!isFields(sent)) return { reason: "event must be a JSON object" };

  const type = envelope.type ?? sent.type;
  if (!TYPES.has(type)) {
    return { reason: `type must be one of ${[...TYPES].join(", ")}, got ${shown(type)}` };
  }
  if (type === "track" && (typeof sent.event !== "string" || sent.event === "")) {
    return { reason: `event must be the name of what happened, got ${shown(sent.event)}` };
  }
  const anonymousId = textOf(sent.anonymousId);
  const userId = textOf(sent.userId);
  if (anonymousId === null && userId === null) {
    return { reason: "userId or anonymousId must be given, got neither" };
  }
  for (const field of ["context", "properties", "traits"]) {
    if (sent[field] !== undefined && sent[field] !== null && !isFields(sent[field])) {
      return { reason: `${field} must be a JSON object, got ${shown(sent[field])}` };
    }
  }
  const occurredAt = timeOf(sent, envelope);
  if (occurredAt === undefined) {
    return { reason: `timestamp must be a time in ISO 8601, got ${shown(timestampOf(sent))}` };
  }

  const context = contextOf(sent);
  return {
    id: textOf(sent.messageId) ?? undefined,
    type: type as EventType,
    name: nameOf(type as EventType, sent),
    anonymousId,
    userId,
    occurredAt,
    context,
    properties: propertiesOf(type as EventType, sent),
    consent: consentOf(context),
    campaign: isFields(context.campaign) ? textOf(context.campaign.name) : null,
  };
}

function nameOf(type: EventType, sent: Fields): string | null {
  if (type === "track") return textOf(sent.event);
  return type === "page" || type === "screen" ? textOf(sent.name) : null;
}

function propertiesOf(type: EventType, sent: Fields): Fields {
  if (type === "identify" || type === "group") return (sent.traits ?? {}) as Fields;
  const properties = (sent.properties ?? {}) as Fields;
  if (type === "alias") return { ...properties, previousId: sent.previousId };
  const category = type === "track" ? undefined : sent.category;
  return category === undefined || "category" in properties
    ? properties
    : { ...properties, category };
}

function contextOf(sent: Fields): Fields {
  const context = (sent.context ?? {}) as Fields;
  const { groupId, integrations } = sent;
  if (groupId === undefined && !(isFields(integrations) && hasKeys(integrations))) return context;
  return {
    ...context,
    ...(groupId === undefined ? {} : { groupId }),
    ...(isFields(integrations) && hasKeys(integrations) ? { integrations } : {}),
  };
}

/** Purposes that the person granted: categories of these names, in any case, all of them `true`. */
function consentOf(context: Fields): Purpose[] {
  const preferences = isFields(context.consent) ? context.consent.categoryPreferences : undefined;
  if (!isFields(preferences)) return [];
  const given = Object.entries(preferences).map(([category, granted]) => ({
    category: category.toLowerCase(),
    granted,
  }));
  return PURPOSES.filter((purpose) => {
    const said = given.filter(({ category }) => category === purpose);
    return said.length > 0 && said.every(({ granted }) => granted === true);
  });
}

/** When the event happened, by the server's clock, in ISO 8601; undefined if what was sent is no time. */
function timeOf(sent: Fields, { sentAt, receivedAt }: Envelope): string | undefined {
  const timestamp = timestampOf(sent);
  if (timestamp === undefined) return new Date(receivedAt).toISOString();
  const happened = milliseconds(timestamp);
  if (happened === undefined) return undefined;
  const clock = milliseconds(sentAt ?? sent.sentAt);
  const off = clock === undefined ? 0 : receivedAt - clock;
  const corrected = new Date(Math.abs(off) > CLOCK_TOLERANCE ? happened + off : happened);
  return Number.isNaN(corrected.valueOf()) ? undefined : corrected.toISOString();
}

function timestampOf(sent: Fields): unknown {
  return sent.timestamp ?? sent.originalTimestamp ?? undefined;
}

function milliseconds(time: unknown): number | undefined {
  if (typeof time !== "string" || !/^\d{4}-\d\d-\d\d/.test(time)) return undefined;
  const value = Date.parse(time);
  return Number.isNaN(value) ? undefined : value;
}

/** Ids are texts, but some senders have numbers. */
function textOf(value: unknown): string | null {
  if (typeof value === "number") return Number.isFinite(value) ? String(value) : null;
  return typeof value === "string" && value !== "" ? value : null;
}

function isFields(value: unknown): value is Fields {
  return typeof value === "object" && value !== null && !Array.isArray(value);
}

function hasKeys(fields: Fields): boolean {
  for (const _ in fields) return true;
  return false;
}

function shown(value: unknown): string {
  if (typeof value === "object" && value !== null)
    return Array.isArray(value) ? "an array" : "an object";
  return JSON.stringify(value)?.slice(0, 80) ?? "nothing";
}
