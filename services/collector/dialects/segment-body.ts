import { elementSlices } from "../json-slices.ts";
import { MalformedBody } from "./dialect.ts";
import type { Decoded, Draft, Submission, Unusable } from "./dialect.ts";
import { isFields } from "./fields.ts";
import type { Fields } from "./fields.ts";
import { objectBody } from "./json-body.ts";
import type { Envelope } from "./segment-event.ts";

/** Limit of the HTTP API; its SDKs stay a little below. */
export const MAX_EVENT_BYTES = 32 * 1024;

/** More than any of its SDKs sends, and few enough that none of them is a flood. */
const MAX_BATCH_EVENTS = 2_500;

/** The contract's view of one event. */
export type ToDraft = (sent: unknown, envelope: Envelope) => Draft | Unusable;

/** One event, as Segment's HTTP API has it. */
export function decodeSingle(body: Buffer, envelope: Envelope, toDraft: ToDraft): Decoded {
  const sent = objectBody(body);
  return {
    writeKey: writeKeyOf(sent),
    submissions: [
      { draft: toDraft(sent, envelope), sent: withType(sent, envelope), raw: () => body },
    ],
  };
}

/** A batch of events, as Segment's HTTP API has it. */
export function decodeBatch(body: Buffer, receivedAt: number, toDraft: ToDraft): Decoded {
  const sent = objectBody(body);
  const { batch, sentAt } = sent;
  if (!Array.isArray(batch)) throw new MalformedBody("batch must be an array of events");
  if (batch.length > MAX_BATCH_EVENTS) {
    throw new MalformedBody(
      `batch must hold at most ${MAX_BATCH_EVENTS} events, got ${batch.length}`,
    );
  }
  let slices: Buffer[] | undefined;
  const raw = (index: number): Buffer => (slices ??= elementSlices(body, "batch"))[index]!;
  const envelope: Envelope = { sentAt, receivedAt };
  const submissions = batch.map((event: unknown, index): Submission => {
    // A body below the limit has no event above it: nothing to measure.
    const bytes = body.length > MAX_EVENT_BYTES ? raw(index).length : 0;
    const draft = eventDraft(bytes, event, envelope, toDraft);
    return { draft, sent: event, raw: () => raw(index) };
  });
  return { writeKey: writeKeyOf(sent), submissions };
}

/** The contract's view of one event of a batch. */
export function eventDraft(
  bytes: number,
  sent: unknown,
  envelope: Envelope,
  toDraft: ToDraft,
): Draft | Unusable {
  return bytes > MAX_EVENT_BYTES
    ? { reason: `event must be at most ${MAX_EVENT_BYTES} bytes, got ${bytes}` }
    : toDraft(sent, envelope);
}

/** An event with the type that its path says: two of different types may say the same otherwise. */
export function withType(sent: unknown, { type }: Envelope): unknown {
  return type !== undefined && isFields(sent) ? { ...sent, type } : sent;
}

/** Write key in a body of Segment's that is not JSON. */
export function writeKeyIn(undecoded: Buffer): string | undefined {
  return /"writeKey"\s*:\s*"([^"\\]{1,128})"/.exec(undecoded.toString("latin1"))?.[1];
}

/** Write key of a body; undefined if it has none. */
export function writeKeyOf({ writeKey }: Fields): string | undefined {
  return typeof writeKey === "string" && writeKey !== "" ? writeKey : undefined;
}
