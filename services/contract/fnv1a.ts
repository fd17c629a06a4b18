/** State of {@link fnv1a} before the first character, and what it is multiplied by after each. */
const OFFSET = 0x811c9dc5;
const PRIME = 0x01000193;

/**
 * FNV-1a of 32 bits over the UTF-16 code units of `text`, as GrowthBook's SDKs have it.
 *
 * @param state what comes before `text` leaves: `fnv1a(b, fnv1a(a))` is `fnv1a(a + b)`.
 */
export function fnv1a(text: string, state = OFFSET): number {
  let hash = state;
  for (let at = 0; at < text.length; at += 1) {
    hash = Math.imul(hash ^ text.charCodeAt(at), PRIME);
  }
  return hash >>> 0;
}

/** {@link fnv1a} of a whole number of up to 32 bits, written as a decimal. */
export function fnv1aOfNumber(number: number): number {
  let unit = 1;
  while (number >= unit * 10) unit *= 10;
  let hash = OFFSET;
  // No text is made: this runs for each decision.
  for (let rest = number; unit >= 1; unit /= 10) {
    const digit = (rest / unit) | 0;
    rest -= digit * unit;
    hash = Math.imul(hash ^ (0x30 + digit), PRIME);
  }
  return hash >>> 0;
}
