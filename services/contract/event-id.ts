import { createHash } from "node:crypto";

/**
 * The id of an event whose SDK gave none: a digest of what was sent, so that the same event sent again has
 * the same id. The order of keys counts: an SDK that re-sends, re-sends the same text. Whoever guesses what was sent can compute
 * it, so an event that may not be kept whole must not have it.
 *
 * @param sent the event as the sender wrote it, a JSON value.
 */
export function digestId(sent: unknown): string {
  return `sha256-${createHash("sha256").update(JSON.stringify(sent)).digest("hex")}`;
}
