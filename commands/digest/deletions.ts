import type { StateResource } from "../engine/state.ts";
import type { Change, Digest } from "./digest.ts";
import { fingerprintOf } from "./values.ts";

/** The deletion of one resource. */
export function deletion({
  urn,
  type,
  isProtected,
  isRetained,
}: Pick<Change, "urn" | "type" | "isProtected" | "isRetained">): Change {
  return {
    urn,
    type,
    name: urn.split("::").slice(3).join("::"),
    op: "delete",
    paths: [],
    replacedBy: [],
    isProtected,
    isRetained,
    losesProtection: false,
    values: null,
  };
}

/** The digest of a preview that ended early, with the deletions that it did not come to. */
export function withDeletions(digest: Digest, gone: readonly StateResource[]): Digest {
  const known = new Set(digest.changes.map(({ urn }) => urn));
  const deletions = gone
    .filter(({ urn }) => !known.has(urn))
    .map(({ urn, type, protect = false, retainOnDelete = false }) =>
      deletion({ urn, type, isProtected: protect, isRetained: retainOnDelete }),
    );
  if (deletions.length === 0) return digest;
  const changes = [...digest.changes, ...deletions].sort((a, b) => (a.urn < b.urn ? -1 : 1));
  return {
    ...digest,
    notes: [
      ...digest.notes,
      "The deletions are those of what the program does not declare any longer: the engine did not come to them.",
    ],
    changes,
    fingerprint: fingerprintOf(digest.stack, changes),
  };
}
