import type { Submission } from "./dialects/dialect.ts";
import { admit, reject } from "./intake.ts";
import type { Origin, Outcome, Repeats } from "./intake.ts";
import { RecordBlock } from "./record-block.ts";
import { Refusals } from "./refusals.ts";

/**
 * All that is left of a request's events while the disk is waited for: what lives that long is copied by one garbage
 * collection after the other.
 */
export interface AdmittedBatch {
  /** For the spool, one behind the other. */
  readonly records: Buffer;
  /** Number of events that met with each outcome. */
  readonly counts: Readonly<Record<Outcome, number>>;
}

/** What a record has more bytes than the event as it was sent, mostly. */
const MORE_BYTES = 512;

/**
 * {@link admit} of all, as one; undefined as soon as the records are more than `most` bytes.
 *
 * @param sentBytes about those of all submissions.
 */
export function admitAll(
  submissions: readonly Submission[],
  origin: Origin,
  sentBytes: number,
  most: number,
): AdmittedBatch | undefined {
  const block = new RecordBlock(sentBytes + MORE_BYTES * submissions.length);
  const refusals = new Refusals();
  const counts = { stored: 0, reduced: 0, bad: 0 };
  const repeats: Repeats = new Map();
  for (const submission of submissions) {
    counts[admit(submission, origin, block, refusals, repeats)] += 1;
    if (block.length > most) return undefined;
  }
  refusals.addTo(block, origin.at);
  return { records: block.bytes, counts };
}

/** {@link reject} of one, as a batch. */
export function rejected(why: string, sent: Buffer, origin: Origin): AdmittedBatch {
  const block = new RecordBlock(2 * sent.length + MORE_BYTES);
  reject(why, sent, origin, block);
  return { records: block.bytes, counts: { stored: 0, reduced: 0, bad: 1 } };
}
