import { body } from "./body";
import { campaignNameSpan, campaignSpan, consentSpan, contextNumber } from "./context";
import { CLOSE_OBJECT, plain, skipSpace } from "./json";
import { Member, spanOf } from "./members";
import { copyTextOrNull, endOf, isObject, isText, isThere, setSpan, startOf } from "./span";
import { isWrittenTime } from "./time";
import { isSame, word } from "./word";

/** Events that a batch may have. */
export const MAX_EVENTS = 2500;

/** Bytes of an event that is kept as it was written. */
const MAX_EVENT_BYTES: usize = 32 * 1024;

/** Bytes of an id and a name: no more than they may have characters. */
const MAX_ID = 256;
const MAX_NAME = 512;

/** A row for each event, in words of 4 bytes; `written-events.ts` reads the first ones. */
const ROW_BYTES = 24 * 4;
const rows = memory.data(2500 * 24 * 4, 16);

/** Offsets in a row. */
const TYPE = 2 * 4;
const CONTEXT_NUMBER = 3 * 4;
const CONSENT = 4 * 4;
const SENT_AT = 6 * 4;
const FIELDS = 8 * 4;

/** Fields of the contract that are copied, in the order of a row. */
export const enum Field {
  id,
  name,
  occurredAt,
  anonymousId,
  userId,
  campaign,
  context,
  properties,
}

/** Types by their number in a row, as `written-events.ts` has them; what must be parsed has none. */
const enum Type {
  track,
  page,
  screen,
  identify,
  group,
}
const PARSED = -1;

const TRACK = word('"track"');
const PAGE = word('"page"');
const SCREEN = word('"screen"');
const IDENTIFY = word('"identify"');
const GROUP = word('"group"');

const campaign = memory.data(8, 8);

export function rowOf(event: i32): usize {
  return rows + event * ROW_BYTES;
}

/** Where a field is. */
export function fieldOf(row: usize, field: Field): usize {
  return row + FIELDS + ((<usize>field) << 3);
}

/**
 * Writes the row of the event that was read last: what `segmentDraft` would make of it if it needs nothing but copying, else that it
 * must be parsed.
 *
 * @param pathType type that the path says; -1 if it is in the event.
 */
export function writeRow(row: usize, start: usize, end: usize, pathType: i32): void {
  setSpan(row, <i32>(start - body), <i32>(end - body));
  const type = pathType < 0 ? typeAt(spanOf(Member.type)) : pathType;
  const isWritten =
    end - start <= MAX_EVENT_BYTES &&
    type != PARSED &&
    plain &&
    !isThere(spanOf(Member.groupId)) &&
    (type == Type.track || !isThere(spanOf(Member.category))) &&
    hasNoIntegrations() &&
    writeWho(row) &&
    writeName(fieldOf(row, Field.name), type) &&
    writeTime(row) &&
    writeContext(row) &&
    writeProperties(fieldOf(row, Field.properties), type);
  store<i32>(row, isWritten ? type : PARSED, TYPE);
}

function typeAt(span: usize): i32 {
  if (!isThere(span)) return PARSED;
  const at = body + startOf(span);
  switch (endOf(span) - startOf(span)) {
    case 6:
      return isSame(PAGE, at, 6) ? Type.page : PARSED;
    case 7:
      if (isSame(TRACK, at, 7)) return Type.track;
      return isSame(GROUP, at, 7) ? Type.group : PARSED;
    case 8:
      return isSame(SCREEN, at, 8) ? Type.screen : PARSED;
    case 10:
      return isSame(IDENTIFY, at, 10) ? Type.identify : PARSED;
    default:
      return PARSED;
  }
}

function hasNoIntegrations(): bool {
  const integrations = spanOf(Member.integrations);
  if (!isObject(integrations)) return true;
  return load<u8>(skipSpace(body + startOf(integrations) + 1)) == CLOSE_OBJECT;
}

function writeWho(row: usize): bool {
  const id = spanOf(Member.messageId);
  if (!isText(id, MAX_ID)) return false;
  setSpan(fieldOf(row, Field.id), startOf(id), endOf(id));
  const anonymousId = fieldOf(row, Field.anonymousId);
  const userId = fieldOf(row, Field.userId);
  return (
    copyTextOrNull(anonymousId, spanOf(Member.anonymousId), MAX_ID) &&
    copyTextOrNull(userId, spanOf(Member.userId), MAX_ID) &&
    (isThere(anonymousId) || isThere(userId))
  );
}

function writeName(to: usize, type: i32): bool {
  if (type == Type.track) {
    return copyTextOrNull(to, spanOf(Member.event), MAX_NAME) && isThere(to);
  }
  if (type == Type.page || type == Type.screen) {
    return copyTextOrNull(to, spanOf(Member.name), MAX_NAME);
  }
  setSpan(to, -1, -1);
  return true;
}

/** Whether the time stands as it must; who sent it by a wrong clock is for the caller to find out. */
function writeTime(row: usize): bool {
  const timestamp = spanOf(Member.timestamp);
  const time = isThere(timestamp) ? timestamp : spanOf(Member.originalTimestamp);
  setSpan(row + SENT_AT, -1, -1);
  setSpan(fieldOf(row, Field.occurredAt), startOf(time), endOf(time));
  if (!isThere(time)) return true;
  const sentAt = spanOf(Member.sentAt);
  setSpan(row + SENT_AT, startOf(sentAt), endOf(sentAt));
  return isWrittenTime(body + startOf(time), endOf(time) - startOf(time));
}

function writeContext(row: usize): bool {
  const context = spanOf(Member.context);
  if (isThere(context) && !isObject(context)) return false;
  setSpan(fieldOf(row, Field.context), startOf(context), endOf(context));
  store<i32>(row, contextNumber, CONTEXT_NUMBER);
  consentSpan(row + CONSENT, startOf(context));

  const name = fieldOf(row, Field.campaign);
  campaignSpan(campaign, startOf(context));
  if (!isObject(campaign)) {
    setSpan(name, -1, -1);
    return true;
  }
  campaignNameSpan(campaign, startOf(context));
  return copyTextOrNull(name, campaign, MAX_ID);
}

function writeProperties(to: usize, type: i32): bool {
  const properties = spanOf(Member.properties);
  const traits = spanOf(Member.traits);
  if (isThere(properties) && !isObject(properties)) return false;
  if (isThere(traits) && !isObject(traits)) return false;
  const kept = type == Type.identify || type == Type.group ? traits : properties;
  setSpan(to, startOf(kept), endOf(kept));
  return true;
}
