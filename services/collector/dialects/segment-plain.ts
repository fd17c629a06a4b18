import { isUtf8 } from "node:buffer";

import type { EventType, Purpose } from "../../contract/event.ts";
import type { WrittenEvent } from "../written/written-event.ts";
import { WrittenEvents } from "../written/written-events.ts";
import { isoMilliseconds, isRightClock } from "./clock.ts";
import type { Decoded, Draft, Submission, Unusable } from "./dialect.ts";
import type { Fields } from "./fields.ts";
import { grantedByCategory } from "./granted.ts";
import { exactJson } from "./exact-json.ts";
import { decodeBatch, decodeSingle, eventDraft, withType, writeKeyOf } from "./segment-body.ts";
import { segmentDraft } from "./segment-event.ts";
import type { Envelope } from "./segment-event.ts";

/** {@link decodeBatch} of Segment's, which parses only those events that cannot be kept as they were written. */
export function readBatch(body: Buffer, receivedAt: number): Decoded {
  const events = isUtf8(body) ? WrittenEvents.ofBatch(body) : undefined;
  const sentAt = parsed(events?.sentAt);
  if (events === undefined || !isSentByRightClock(sentAt, receivedAt)) {
    return decodeBatch(body, receivedAt, segmentDraft);
  }
  return decoded(events, { sentAt, receivedAt });
}

/** {@link decodeSingle} of Segment's, in the same way. */
export function readSingle(body: Buffer, type: EventType, receivedAt: number): Decoded {
  const envelope = { type, receivedAt };
  const isWritable = type !== "alias" && type !== "exposure" && isUtf8(body);
  const events = isWritable ? WrittenEvents.ofSingle(body, type) : undefined;
  return events?.isWritten(0)
    ? decoded(events, envelope)
    : decodeSingle(body, envelope, segmentDraft);
}

function decoded(events: WrittenEvents, envelope: Envelope): Decoded {
  const submissions: Submission[] = [];
  for (let number = 0; number < events.count; number += 1) {
    submissions.push(new PlainSubmission(events, number, envelope));
  }
  return { writeKey: writeKeyOf({ writeKey: parsed(events.writeKey) }), submissions };
}

function parsed(json: string | undefined): unknown {
  return json === undefined ? undefined : JSON.parse(json);
}

/** Whether times of a sender are kept as they are, who says that it sent at this time. */
function isSentByRightClock(sentAt: unknown, receivedAt: number): boolean {
  const milliseconds = isoMilliseconds(sentAt);
  return milliseconds === undefined || isRightClock(milliseconds, receivedAt);
}

/** An event that is parsed when somebody asks. */
class PlainSubmission implements Submission, WrittenEvent {
  readonly events: WrittenEvents;
  readonly number: number;
  readonly #start: number;
  readonly #end: number;
  readonly #envelope: Envelope;
  #sent: unknown;

  constructor(events: WrittenEvents, number: number, envelope: Envelope) {
    this.events = events;
    this.number = number;
    this.#start = events.start(number);
    this.#end = events.end(number);
    this.#envelope = envelope;
  }

  get written(): WrittenEvent | undefined {
    if (!this.events.isWritten(this.number)) return undefined;
    const sentAt = parsed(this.events.sentAtOf(this.number));
    return isSentByRightClock(sentAt, this.#envelope.receivedAt) ? this : undefined;
  }

  get type(): EventType {
    return this.events.type(this.number);
  }

  get consent(): readonly Purpose[] | undefined {
    return consentOf(this.events, this.number);
  }

  get sent(): unknown {
    return (this.#sent ??= withType(exactJson(this.raw()), this.#envelope));
  }

  get draft(): Draft | Unusable {
    return eventDraft(this.#end - this.#start, this.sent, this.#envelope, segmentDraft);
  }

  raw(): Buffer {
    return this.events.body.subarray(this.#start, this.#end);
  }
}

/** Purposes granted by a text: what the people of a site say of consent is mostly the same. */
const granted = new Map<string, readonly Purpose[]>();
const MOST_GRANTED = 1_000;
const LONGEST_GRANTED = 2_048;

let lastGranted: readonly Purpose[] | undefined;
let lastGrantedBy = -1;

function consentOf(events: WrittenEvents, event: number): readonly Purpose[] | undefined {
  const number = events.consentNumber(event);
  if (number === undefined) return undefined;
  if (number !== lastGrantedBy) {
    lastGranted = grantedBy(events.consent(event));
    lastGrantedBy = number;
  }
  return lastGranted;
}

function grantedBy(json: string): readonly Purpose[] | undefined {
  if (!json.startsWith("{")) return undefined;
  const known = granted.get(json);
  if (known !== undefined) return known;
  const consent = JSON.parse(json) as Fields;
  const purposes = grantedByCategory(consent.categoryPreferences, consent.tcString);
  if (purposes === undefined || json.length > LONGEST_GRANTED) return purposes;
  if (granted.size >= MOST_GRANTED) granted.clear();
  granted.set(json, purposes);
  return purposes;
}
