/**
 * Finds the members of objects that the collector wrote itself: JSON without white space and with exactly the known keys,
 * mostly in the order of the object before. Checks no more of the JSON than it needs to find them.
 */
export class WrittenMembers {
  /** Of each key in the object found last: offset of its value, and the one behind it. */
  readonly spans: Int32Array;
  readonly #keys: readonly Buffer[];
  /** Numbers of the keys, in the order of the object before. */
  readonly #order: Uint8Array;

  /** @param keys in ASCII. */
  constructor(keys: readonly string[]) {
    this.spans = new Int32Array(2 * keys.length);
    this.#keys = keys.map((key) => Buffer.from(`"${key}":`));
    this.#order = Uint8Array.from(keys.keys());
  }

  /** @returns whether `text` is such an object. */
  find(text: Buffer): boolean {
    const { spans } = this;
    const count = this.#keys.length;
    spans.fill(0);
    if (text[0] !== OPEN_OBJECT) return false;
    let at = 1;
    for (let place = 0; place < count; place += 1) {
      const key = this.#keyAt(text, at, place);
      if (key === undefined || spans[2 * key] !== 0) return false;
      at += this.#keys[key]!.length;
      spans[2 * key] = at;
      at = behindValue(text, at);
      spans[2 * key + 1] = at;
      if (text[at] !== (place === count - 1 ? CLOSE_OBJECT : COMMA)) return false;
      at += 1;
    }
    return at === text.length;
  }

  #keyAt(text: Buffer, at: number, place: number): number | undefined {
    const expected = this.#order[place]!;
    if (isAt(this.#keys[expected]!, text, at)) return expected;
    const found = this.#keys.findIndex((key) => isAt(key, text, at));
    if (found < 0) return undefined;
    return (this.#order[place] = found);
  }
}

const QUOTE = 0x22;
const COMMA = 0x2c;
const BACKSLASH = 0x5c;
const OPEN_OBJECT = 0x7b;
const CLOSE_OBJECT = 0x7d;

const [TEXT, OPEN, CLOSE] = [1, 2, 3];
const KINDS = new Uint8Array(256);
for (const [characters, kind] of [
  ['"', TEXT],
  ["{[", OPEN],
  ["}]", CLOSE],
] as const) {
  for (const character of characters) KINDS[character.charCodeAt(0)] = kind;
}

/** Offset behind the text, object, array or null at `at`; that of the end of `text` for anything else. */
function behindValue(text: Buffer, at: number): number {
  if (text[at] === QUOTE) return behindString(text, at);
  if (isAt(NULL, text, at)) return at + NULL.length;
  const { length } = text;
  let depth = 0;
  while (at < length) {
    const kind = KINDS[text[at]!];
    if (kind === TEXT) {
      at = behindString(text, at);
      continue;
    }
    at += 1;
    if (kind === OPEN) depth += 1;
    else if (kind === CLOSE) depth -= 1;
    if (depth === 0) return kind === CLOSE ? at : length;
  }
  return length;
}

const NULL = Buffer.from("null");

function behindString(text: Buffer, at: number): number {
  const { length } = text;
  for (at += 1; at < length; at += 1) {
    const byte = text[at];
    if (byte === QUOTE) return at + 1;
    if (byte === BACKSLASH) at += 1;
  }
  return length;
}

function isAt(word: Buffer, text: Buffer, at: number): boolean {
  if (at + word.length > text.length) return false;
  for (let index = 0; index < word.length; index += 1) {
    if (text[at + index] !== word[index]) return false;
  }
  return true;
}
