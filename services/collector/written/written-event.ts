import { isWhole } from "../../contract/consent.ts";
import type { EventType, Purpose } from "../../contract/event.ts";
import type { Origin } from "../intake.ts";
import type { RecordBlock } from "../record-block.ts";
import type { Refused } from "../refusals.ts";
import type { WrittenEvents } from "./written-events.ts";

/** An event that holds under the contract and can be stored in the words of its sender. */
export interface WrittenEvent {
  readonly events: WrittenEvents;
  /** Its number among them, from 0. */
  readonly number: number;
  readonly type: EventType;
  /** See `Draft.consent`. */
  readonly consent: readonly Purpose[] | undefined;
}

/** Fields that are copied of an event, and of one without consent to analytics: the first ones. */
const FIELDS = 8;
const FIELDS_WITHOUT_CONSENT = 3;

const NO_PURPOSE: readonly Purpose[] = [];

/**
 * Adds the record of an event, reduced to its consent: what `JSON.stringify` would make of it, but for the order of fields and
 * for how texts and numbers are written.
 */
export function addWritten(
  { events, number, type }: WrittenEvent,
  consent: readonly Purpose[],
  { source, dialect, at }: Origin,
  block: RecordBlock,
): void {
  const whole = isWhole(consent);
  const head = whole
    ? headOf(source, dialect, type, consent)
    : headOf(source, null, type, NO_PURPOSE);
  events.add(block, number, head, whole ? FIELDS : FIELDS_WITHOUT_CONSENT, receivedAt(at), at);
}

/** What a refusal is made of that an event says. @param receivedAt when it came: UTC, as in an event. */
export function refusedIn({ events, number }: WrittenEvent, receivedAt: string): Refused {
  return {
    anonymousId: events.anonymousId(number) ?? null,
    userId: events.userId(number) ?? null,
    occurredAt: events.occurredAt(number) ?? receivedAt,
  };
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
