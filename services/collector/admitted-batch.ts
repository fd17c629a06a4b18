import type { Submission } from "./dialects/dialect.ts";
import { admit } from "./intake.ts";
import type { Admitted, Origin, Outcome } from "./intake.ts";

/**
 * All that is left of a request's events while the disk is waited for: what lives that long is copied by one garbage
 * collection after the other.
 */
export interface AdmittedBatch {
  /** For the spool. */
  readonly records: readonly Buffer[];
  /** Number of events that met with each outcome. */
  readonly counts: Readonly<Record<Outcome, number>>;
}

/** What was admitted, as one. */
export function batchOf(admitted: readonly Admitted[]): AdmittedBatch {
  const counts = { stored: 0, reduced: 0, bad: 0 };
  for (const { outcome } of admitted) counts[outcome] += 1;
  return { records: admitted.map(({ record }) => record), counts };
}

/** {@link admit} of all, as one; undefined as soon as the records are more than `most` bytes. */
export function admitAll(
  submissions: readonly Submission[],
  origin: Origin,
  most: number,
): AdmittedBatch | undefined {
  const all: Admitted[] = [];
  let bytes = 0;
  for (const submission of submissions) {
    const admitted = admit(submission, origin);
    bytes += admitted.record.length;
    if (bytes > most) return undefined;
    all.push(admitted);
  }
  return batchOf(all);
}
