import { EVENT_TYPES } from "../../contract/event.ts";
import type { EventType, Purpose } from "../../contract/event.ts";
import { isPlain, Members, RepeatedMembers, skipSpace } from "../json-members.ts";
import type { Span } from "../json-members.ts";
import type { WrittenEvent } from "../written-event.ts";
import { isoMilliseconds, isRightClock } from "./clock.ts";
import type { Fields } from "./fields.ts";
import { grantedByCategory } from "./granted.ts";
import { isWrittenTime } from "./written-time.ts";

const campaign = new Members(["name"]);
const context = new RepeatedMembers(["consent", "campaign"], { campaign });

/** Finds what is wanted of an event of Segment's HTTP API to keep it as it was written. */
export const writtenFields = new Members(
  [
    "type",
    "messageId",
    "event",
    "name",
    "userId",
    "anonymousId",
    "timestamp",
    "originalTimestamp",
    "sentAt",
    "context",
    "properties",
    "traits",
    "category",
    "groupId",
    "integrations",
    "writeKey",
  ],
  { context },
);

const OPEN_OBJECT = 0x7b;
const CLOSE_OBJECT = 0x7d;
const QUOTE = 0x22;
/** Of all that JSON has, only null begins with it. */
const LETTER_N = 0x6e;

/** Bytes of an id and a name: no more than they may have characters. */
const MAX_ID = 256;
const MAX_NAME = 512;

const NOWHERE: Span = { start: -1, end: -1 };

/**
 * The event that `segmentDraft` would make of what {@link writtenFields} read last, if it needs nothing but copying;
 * undefined where it may need more, or is none.
 *
 * @param text that of the event.
 * @param receivedAt when it was received, in milliseconds since 1970.
 * @param pathType type that the path says.
 */
export function writtenEvent(
  text: Buffer,
  receivedAt: number,
  pathType?: EventType,
): WrittenEvent | undefined {
  const { found } = writtenFields;
  const type = pathType ?? typeAt(text, found.type);
  if (type === undefined || type === "alias" || isThere(found.groupId) || !isPlain()) {
    return undefined;
  }
  if (!isText(text, found.messageId, MAX_ID)) return undefined;
  const anonymousId = textOrNull(text, found.anonymousId, MAX_ID);
  const userId = textOrNull(text, found.userId, MAX_ID);
  if (anonymousId === undefined || userId === undefined) return undefined;
  if (anonymousId === NOWHERE && userId === NOWHERE) return undefined;
  const name = nameOf(text, type);
  if (name === undefined) return undefined;

  for (const span of [found.context, found.properties, found.traits]) {
    if (isThere(span) && !isObject(text, span)) return undefined;
  }
  const { integrations } = found;
  if (
    isObject(text, integrations) &&
    text[skipSpace(text, integrations.start + 1)] !== CLOSE_OBJECT
  ) {
    return undefined;
  }
  if (type !== "track" && isThere(found.category)) return undefined;

  const time = isThere(found.timestamp) ? found.timestamp : found.originalTimestamp;
  if (isThere(time)) {
    if (!isWrittenTime(text, time.start, time.end)) return undefined;
    if (!isSentByRightClock(valueAt(text, found.sentAt), receivedAt)) return undefined;
  }
  const campaignName = campaignNameAt(text, found.context);
  if (campaignName === undefined) return undefined;
  const properties = type === "identify" || type === "group" ? found.traits : found.properties;
  return {
    text,
    type,
    consent: consentAt(text, found.context),
    // prettier-ignore
    offsets: [
      found.messageId.start, found.messageId.end,
      name.start, name.end,
      time.start, time.end,
      anonymousId.start, anonymousId.end,
      userId.start, userId.end,
      campaignName.start, campaignName.end,
      found.context.start, found.context.end,
      properties.start, properties.end,
    ],
  };
}

/** The JSON value at a span; undefined if there is none. */
export function valueAt(text: Buffer, span: Span): unknown {
  return isThere(span) ? JSON.parse(text.toString("utf8", span.start, span.end)) : undefined;
}

/** Whether times of a sender are kept as they are, who says that it sent at this time. */
export function isSentByRightClock(sentAt: unknown, receivedAt: number): boolean {
  const milliseconds = isoMilliseconds(sentAt);
  return milliseconds === undefined || isRightClock(milliseconds, receivedAt);
}

/** Whether there is a value. */
export function isThere({ start }: Span): boolean {
  return start >= 0;
}

function isObject(text: Buffer, { start }: Span): boolean {
  return start >= 0 && text[start] === OPEN_OBJECT;
}

function nameOf(text: Buffer, type: EventType): Span | undefined {
  const { event, name } = writtenFields.found;
  if (type === "track") return isText(text, event, MAX_NAME) ? event : undefined;
  return type === "page" || type === "screen" ? textOrNull(text, name, MAX_NAME) : NOWHERE;
}

/** Where the name of a context's campaign is; undefined where a value may have to be made of it. */
function campaignNameAt(text: Buffer, { start }: Span): Span | undefined {
  if (start < 0) return NOWHERE;
  const found = shifted(context.found.campaign, start);
  return isObject(text, found)
    ? textOrNull(text, shifted(campaign.found.name, found.start), MAX_ID)
    : NOWHERE;
}

function shifted(span: Span, by: number): Span {
  return isThere(span) ? { start: span.start + by, end: span.end + by } : NOWHERE;
}

/** Whether a text of 1 up to `maxBytes` bytes is there. */
function isText(text: Buffer, { start, end }: Span, maxBytes: number): boolean {
  return start >= 0 && text[start] === QUOTE && end - start > 2 && end - start <= maxBytes + 2;
}

/** Where a text is, or that none is; undefined for anything else. */
function textOrNull(text: Buffer, span: Span, maxBytes: number): Span | undefined {
  if (isText(text, span, maxBytes)) return span;
  return !isThere(span) || text[span.start] === LETTER_N ? NOWHERE : undefined;
}

const TYPES = EVENT_TYPES.filter((type) => type !== "exposure").map(
  (type) => [type, Buffer.from(JSON.stringify(type))] as const,
);

function typeAt(text: Buffer, { start, end }: Span): EventType | undefined {
  if (start < 0) return undefined;
  for (const [type, json] of TYPES) {
    if (json.length === end - start && json.compare(text, start, end) === 0) return type;
  }
  return undefined;
}

/** Purposes granted by a text: what the people of a site say of consent is mostly the same. */
const granted = new Map<string, readonly Purpose[]>();
const MOST_GRANTED = 1_000;
const LONGEST_GRANTED = 2_048;

let lastGranted: readonly Purpose[] = [];
/** Of which context, by the count of their reader: not of each that was read it was asked what it grants. */
let lastGrantedBy = -1;

function consentAt(text: Buffer, { start }: Span): readonly Purpose[] {
  if (start < 0) return [];
  if (context.texts !== lastGrantedBy) {
    lastGranted = grantedBy(text, shifted(context.found.consent, start));
    lastGrantedBy = context.texts;
  }
  return lastGranted;
}

function grantedBy(text: Buffer, span: Span): readonly Purpose[] {
  if (!isObject(text, span)) return [];
  const json = text.toString("utf8", span.start, span.end);
  const known = granted.get(json);
  if (known !== undefined) return known;
  const consent = JSON.parse(json) as Fields;
  const purposes = grantedByCategory(consent.categoryPreferences, consent.tcString);
  if (json.length > LONGEST_GRANTED) return purposes;
  if (granted.size >= MOST_GRANTED) granted.clear();
  granted.set(json, purposes);
  return purposes;
}
