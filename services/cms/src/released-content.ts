import { contentTypes, type ContentType } from "./content-types.ts";

/** What is taken back: one locale of a document. */
export interface Unpublish {
  readonly uid: ContentType;
  readonly documentId: string;
  readonly locale: string;
}

/** The most snapshots that an update under way may have left traces of. */
const MOST_DIGESTS = 100;

/** What is wrong with the `data` of a request about released content, in words; undefined if it will do. */
export const bodyProblem = {
  digests(data: unknown): string | undefined {
    const { digests } = fieldsOf(data);
    const ok =
      Array.isArray(digests) &&
      digests.length <= MOST_DIGESTS &&
      digests.every((digest) => /^sha256:[0-9a-f]{64}$/.test(String(digest)));
    return ok
      ? undefined
      : `digests must be at most ${MOST_DIGESTS} of the form sha256:…, got ${shown(digests)}`;
  },

  unpublish: entryProblem,
};

/** What is wrong with how one locale of an entry is named, in words; undefined if it will do. */
export function entryProblem(data: unknown): string | undefined {
  const { uid, documentId, locale } = fieldsOf(data);
  if (!contentTypes.some((type) => type === uid)) {
    return `uid must be one of ${contentTypes.join(", ")}, got ${shown(uid)}`;
  }
  if (!/^[a-z0-9]{1,40}$/.test(String(documentId))) {
    return `documentId must be a document's id, got ${shown(documentId)}`;
  }
  return /^[A-Za-z0-9-]{2,35}$/.test(String(locale))
    ? undefined
    : `locale must be a code as en, got ${shown(locale)}`;
}

function fieldsOf(data: unknown): Record<string, unknown> {
  return typeof data === "object" && data !== null ? (data as Record<string, unknown>) : {};
}

function shown(value: unknown): string {
  return (JSON.stringify(value) ?? "nothing").slice(0, 200);
}
