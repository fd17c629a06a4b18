/** State of {@link fnv1a} before the first character. */
const OFFSET = 0x811c9dc5;

/**
 * FNV-1a of 32 bits over the UTF-16 code units of `text`, as GrowthBook's SDKs have it.
 *
 * @param state what comes before `text` leaves: `fnv1a(b, fnv1a(a))` is `fnv1a(a + b)`.
 */
export function fnv1a(text: string, state = OFFSET): number {
  let hash = state;
  for (let at = 0; at < text.length; at += 1) {
    hash = Math.imul(hash ^ text.charCodeAt(at), 0x01000193);
  }
  return hash >>> 0;
}
