import { isWhole } from "../contract/consent.ts";
import type { EventType, Purpose } from "../contract/event.ts";
import type { Origin } from "./intake.ts";
import { PAYLOAD_AT, RECORD_KINDS, sealRecord } from "./record.ts";

/** Fields of an event that are copied as their sender wrote them, in the order of {@link WrittenEvent.offsets}. */
export const COPIED = [
  "id",
  "name",
  "occurredAt",
  "anonymousId",
  "userId",
  "campaign",
  "context",
  "properties",
] as const;

/** An event that holds under the contract and can be stored in the words of its sender. */
export interface WrittenEvent {
  /** The JSON of what was sent. */
  readonly text: Buffer;
  readonly type: EventType;
  readonly consent: readonly Purpose[];
  /**
   * Of each of {@link COPIED}: offset of its JSON in `text`, and the one behind it; -1 twice for null, `{}` or, of
   * `occurredAt`, the time at which it came.
   */
  readonly offsets: readonly number[];
}

/** Copied of an event without consent to analytics: the first three. */
const COPIED_WITHOUT_CONSENT = 3;

const KEYS = COPIED.map((field) => Buffer.from(`,"${field}":`));
const FALLBACKS = COPIED.map((field) =>
  Buffer.from(field === "context" || field === "properties" ? "{}" : "null"),
);
const OCCURRED_AT = COPIED.indexOf("occurredAt");
const CLOSE = 0x7d;
const NO_PURPOSE: readonly Purpose[] = [];

/**
 * The record of an event, reduced to its consent: what `JSON.stringify` would make of it, but for the order of fields and
 * for how texts and numbers are written.
 */
export function encodeWritten(
  { text, type, offsets }: WrittenEvent,
  consent: readonly Purpose[],
  { source, dialect, at }: Origin,
): Buffer {
  const whole = isWhole(consent);
  const head = whole
    ? headOf(source, dialect, type, consent)
    : headOf(source, null, type, NO_PURPOSE);
  const received = receivedAt(at);
  const count = whole ? COPIED.length : COPIED_WITHOUT_CONSENT;

  let length = PAYLOAD_AT + head.length + received.length + 1;
  for (let field = 0; field < count; field += 1) {
    const from = offsets[2 * field]!;
    length += KEYS[field]!.length;
    length += from < 0 ? fallback(field, received).length : offsets[2 * field + 1]! - from;
  }
  const record = Buffer.allocUnsafe(length);
  let to = copyAll(head, record, PAYLOAD_AT);
  to = copyAll(received, record, to);
  for (let field = 0; field < count; field += 1) {
    const from = offsets[2 * field]!;
    to = copyAll(KEYS[field]!, record, to);
    to =
      from < 0
        ? copyAll(fallback(field, received), record, to)
        : copy(text, from, offsets[2 * field + 1]!, record, to);
  }
  record[to] = CLOSE;
  return sealRecord(record, RECORD_KINDS.event, at);
}

/** What stands for a field that its sender did not write. */
function fallback(field: number, received: Buffer): Buffer {
  return field === OCCURRED_AT ? received : FALLBACKS[field]!;
}

/** Beginnings of events, by all that they hold: as many as sources, dialects, types and purposes can be combined. */
const heads = new Map<string, Buffer>();

/** The one of the event before, which is mostly that of the next one too. */
let last: Parameters<typeof headOf> | undefined;
let lastHead: Buffer;

function headOf(
  source: string,
  dialect: string | null,
  type: EventType,
  consent: readonly Purpose[],
): Buffer {
  if (last?.[0] === source && last[1] === dialect && last[2] === type && last[3] === consent) {
    return lastHead;
  }
  const key = `${source} ${dialect} ${type} ${consent.join()}`;
  const head = heads.get(key) ?? makeHead(source, dialect, type, consent);
  heads.set(key, head);
  last = [source, dialect, type, consent];
  return (lastHead = head);
}

function makeHead(
  source: string,
  dialect: string | null,
  type: EventType,
  consent: readonly Purpose[],
): Buffer {
  const nothing = { anonymousId: null, userId: null, campaign: null, context: {}, properties: {} };
  const head = { source, dialect, type, consent, ...(dialect === null && nothing) };
  return Buffer.from(`${JSON.stringify(head).slice(0, -1)},"receivedAt":`);
}

let lastReceived = { at: NaN, json: Buffer.alloc(0) };

function receivedAt(at: number): Buffer {
  if (lastReceived.at !== at) {
    lastReceived = { at, json: Buffer.from(JSON.stringify(new Date(at))) };
  }
  return lastReceived.json;
}

/** Bytes up to which a loop is faster than a call out of JavaScript. */
const SHORT = 48;

function copyAll(from: Buffer, to: Buffer, at: number): number {
  return copy(from, 0, from.length, to, at);
}

function copy(from: Buffer, start: number, end: number, to: Buffer, at: number): number {
  if (end - start > SHORT) {
    from.copy(to, at, start, end);
    return at + end - start;
  }
  while (start < end) to[at++] = from[start++]!;
  return at;
}
