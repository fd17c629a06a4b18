import { isUtf8 } from "node:buffer";

import type { EventType } from "../../contract/event.ts";
import { mentionsOptOut } from "../global-privacy-control.ts";
import { Elements, Members, readText } from "../json-members.ts";
import type { WrittenEvent } from "../written-event.ts";
import type { Decoded, Draft, Submission, Unusable } from "./dialect.ts";
import {
  decodeBatch,
  decodeSingle,
  eventDraft,
  MAX_BATCH_EVENTS,
  MAX_EVENT_BYTES,
} from "./segment-body.ts";
import { segmentDraft } from "./segment-event.ts";
import type { Envelope } from "./segment-event.ts";
import {
  isSentByRightClock,
  isThere,
  valueAt,
  writtenEvent,
  writtenFields,
} from "./segment-written.ts";

const OPEN_OBJECT = 0x7b;

/** {@link decodeBatch} of Segment's, which parses only those events that cannot be kept as they were written. */
export function readBatch(body: Buffer, receivedAt: number): Decoded {
  return plainBatch(body, receivedAt) ?? decodeBatch(body, receivedAt, segmentDraft);
}

/** {@link decodeSingle} of Segment's, in the same way. */
export function readSingle(body: Buffer, type: EventType, receivedAt: number): Decoded {
  const envelope = { type, receivedAt };
  if (body[0] === OPEN_OBJECT && mayBePlain(body) && readText(body, writtenFields) >= 0) {
    const written = writtenEvent(body, receivedAt, type);
    if (written !== undefined) {
      const submission = new PlainSubmission(body, envelope, written);
      return {
        writeKey: keyOf(valueAt(body, writtenFields.found.writeKey)),
        submissions: [submission],
      };
    }
  }
  return decodeSingle(body, envelope, segmentDraft);
}

/** The batch that is being read: reading it is one call. */
let batch: { body: Buffer; envelope: Envelope; submissions: Submission[] };

const events = new Elements(writtenFields, (start, end) => {
  const { body, envelope, submissions } = batch;
  const text = body.subarray(start, end);
  const written =
    text.length <= MAX_EVENT_BYTES ? writtenEvent(text, envelope.receivedAt) : undefined;
  submissions.push(new PlainSubmission(text, envelope, written));
});
const batchBody = new Members(["batch", "sentAt", "writeKey"], { batch: events });

function plainBatch(body: Buffer, receivedAt: number): Decoded | undefined {
  // Places are counted from the beginning of their object.
  if (body[0] !== OPEN_OBJECT || !mayBePlain(body)) return undefined;
  const envelope: { sentAt?: unknown; receivedAt: number } = { receivedAt };
  const submissions: Submission[] = [];
  batch = { body, envelope, submissions };
  if (readText(body, batchBody) < 0 || !isThere(batchBody.found.batch)) return undefined;
  // Of a batch given twice the last counts.
  if (submissions.length !== events.count || submissions.length > MAX_BATCH_EVENTS)
    return undefined;
  envelope.sentAt = valueAt(body, batchBody.found.sentAt);
  if (!isSentByRightClock(envelope.sentAt, receivedAt)) return undefined;
  return { writeKey: keyOf(valueAt(body, batchBody.found.writeKey)), submissions };
}

function mayBePlain(body: Buffer): boolean {
  return !mentionsOptOut(body) && isUtf8(body);
}

function keyOf(writeKey: unknown): string | undefined {
  return typeof writeKey === "string" && writeKey !== "" ? writeKey : undefined;
}

/** An event that is parsed when somebody asks. */
class PlainSubmission implements Submission {
  readonly written: WrittenEvent | undefined;
  readonly #text: Buffer;
  readonly #envelope: Envelope;
  #sent: unknown;

  constructor(text: Buffer, envelope: Envelope, written: WrittenEvent | undefined) {
    this.#text = text;
    this.#envelope = envelope;
    this.written = written;
  }

  get sent(): unknown {
    return (this.#sent ??= JSON.parse(this.#text.toString()));
  }

  get draft(): Draft | Unusable {
    return eventDraft(this.#text.length, this.sent, this.#envelope, segmentDraft);
  }

  raw(): Buffer {
    return this.#text;
  }
}
