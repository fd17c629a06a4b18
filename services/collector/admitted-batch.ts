import type { Submission } from "./dialects/dialect.ts";
import { admit, reject } from "./intake.ts";
import type { Origin, Outcome, Repeats } from "./intake.ts";
import { RecordBlock } from "./record-block.ts";
import { Refusals } from "./refusals.ts";

/** What a request's events come to. */
export interface AdmittedBatch {
  /** For the spool, one behind the other. Good until the next request is admitted. */
  readonly records: Buffer;
  /** Number of events that met with each outcome. */
  readonly counts: Readonly<Record<Outcome, number>>;
}

/** The same for all requests: memory of its own for each of them would keep the garbage collection busy. */
const block = new RecordBlock();
const repeats: Repeats = new Map();

/** {@link admit} of all, as one; undefined as soon as the records are more than `most` bytes. */
export function admitAll(
  submissions: readonly Submission[],
  origin: Origin,
  most: number,
): AdmittedBatch | undefined {
  block.clear();
  const refusals = new Refusals();
  const counts = { stored: 0, reduced: 0, bad: 0 };
  if (repeats.size > 0) repeats.clear();
  for (const submission of submissions) {
    counts[admit(submission, origin, block, refusals, repeats)] += 1;
    if (block.length > most) return undefined;
  }
  refusals.addTo(block, origin.at);
  return { records: block.bytes, counts };
}

/** {@link reject} of one, as a batch. */
export function rejected(why: string, sent: Buffer, origin: Origin): AdmittedBatch {
  block.clear();
  reject(why, sent, origin, block);
  return { records: block.bytes, counts: { stored: 0, reduced: 0, bad: 1 } };
}
