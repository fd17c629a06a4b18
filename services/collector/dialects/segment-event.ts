import { EVENT_TYPES } from "../../contract/event.ts";
import type { EventType, Purpose } from "../../contract/event.ts";
import { byServerClock, isoMilliseconds, isoTime } from "./clock.ts";
import type { Draft, Unusable } from "./dialect.ts";
import { hasKeys, isFields, shown, textOf } from "./fields.ts";
import type { Fields } from "./fields.ts";
import { grantedByCategory } from "./granted.ts";
import { messageId } from "./message-id.ts";

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

/** The contract's view of one event of Segment's HTTP API (README.md), or the reason why it is none. */
export function segmentDraft(sent: unknown, envelope: Envelope): Draft | Unusable {
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
    id: messageId(sent.messageId, timestampOf(sent) !== undefined),
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

/** Purposes that the person granted; undefined if nothing is said of them. */
function consentOf({ consent }: Fields): Purpose[] | undefined {
  return isFields(consent)
    ? grantedByCategory(consent.categoryPreferences, consent.tcString)
    : undefined;
}

/** When the event happened, by the server's clock, in ISO 8601; undefined if what was sent is no time. */
function timeOf(sent: Fields, { sentAt, receivedAt }: Envelope): string | undefined {
  const timestamp = timestampOf(sent);
  if (timestamp === undefined) return new Date(receivedAt).toISOString();
  const happened = isoMilliseconds(timestamp);
  if (happened === undefined) return undefined;
  return isoTime(byServerClock(happened, isoMilliseconds(sentAt ?? sent.sentAt), receivedAt));
}

function timestampOf(sent: Fields): unknown {
  return sent.timestamp ?? sent.originalTimestamp ?? undefined;
}
