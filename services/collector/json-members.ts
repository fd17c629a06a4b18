/** Where a value stands in the text of its object. */
export interface Span {
  /** Offset of its first byte, counted from that of the object; -1 if there is none. */
  start: number;
  /** Offset behind it. */
  end: number;
}

/** Reads a value in a text, and notes what is wanted of it. */
export interface Reader {
  /** Offset behind the value at `at`; {@link NOT_READ} if there is none. */
  read(text: Buffer, at: number): number;
}

/** What readers return for what is not JSON, or nests too deep for them. */
export const NOT_READ = -1;

/** Finds the members of an object that are wanted, without making values of it. */
export class Members<Key extends string> implements Reader {
  /** The value of each in the object read last; of a key given twice the last, as `JSON.parse` does. */
  readonly found: Readonly<Record<Key, Span>>;
  readonly #wanted: readonly Wanted[];
  readonly #byLength: (readonly Wanted[] | undefined)[];

  /**
   * @param keys in ASCII.
   * @param readers of their values, where not only their place is wanted.
   */
  constructor(keys: readonly Key[], readers: { readonly [K in Key]?: Reader } = {}) {
    this.#wanted = keys.map((key) => ({
      key: Buffer.from(key),
      reader: readers[key],
      span: { start: -1, end: -1 },
    }));
    this.found = Object.fromEntries(
      keys.map((key, index) => [key, this.#wanted[index]!.span]),
    ) as Record<Key, Span>;
    const longest = Math.max(...keys.map(({ length }) => length));
    this.#byLength = Array.from({ length: longest + 1 }, (_, length) => {
      const candidates = this.#wanted.filter(({ key }) => key.length === length);
      return candidates.length > 0 ? candidates : undefined;
    });
  }

  read(text: Buffer, at: number): number {
    for (const { span } of this.#wanted) span.start = -1;
    if (text[at] !== OPEN_OBJECT) return skipValue(text, at);
    const object = at;
    at = skipSpace(text, at + 1);
    if (text[at] === CLOSE_OBJECT) return at + 1;
    for (;;) {
      if (text[at] !== QUOTE) return NOT_READ;
      const keyEnd = skipString(text, at + 1);
      if (keyEnd < 0) return NOT_READ;
      const wanted = this.#wantedAt(text, at + 1, keyEnd - 1);
      if (wanted === undefined && hasBackslash(text, at + 1, keyEnd)) plain = false;
      at = skipSpace(text, keyEnd);
      if (text[at] !== COLON) return NOT_READ;
      const start = skipSpace(text, at + 1);
      at = wanted?.reader === undefined ? skipValue(text, start) : wanted.reader.read(text, start);
      if (at < 0) return NOT_READ;
      if (wanted !== undefined) {
        wanted.span.start = start - object;
        wanted.span.end = at - object;
      }
      at = skipSpace(text, at);
      if (text[at] === CLOSE_OBJECT) return at + 1;
      if (text[at] !== COMMA) return NOT_READ;
      at = skipSpace(text, at + 1);
    }
  }

  #wantedAt(text: Buffer, start: number, end: number): Wanted | undefined {
    const candidates = this.#byLength[end - start];
    if (candidates === undefined) return undefined;
    for (const candidate of candidates) if (isAt(candidate.key, text, start)) return candidate;
    return undefined;
  }
}

interface Wanted {
  readonly key: Buffer;
  readonly reader: Reader | undefined;
  readonly span: Span;
}

/** Bytes up to which an object is remembered. */
const MAX_REMEMBERED = 8 * 1024;

/** {@link Members} of an object that is mostly the one that was read before, byte for byte: that is not read again. */
export class RepeatedMembers<Key extends string> extends Members<Key> {
  /** Counts what was read up each time that it was another text than before. */
  texts = 0;
  #last: Buffer | undefined;

  override read(text: Buffer, at: number): number {
    const last = this.#last;
    if (last !== undefined && at + last.length <= text.length) {
      if (text.compare(last, 0, last.length, at, at + last.length) === 0) return at + last.length;
    }
    this.texts += 1;
    const wasPlain = plain;
    plain = true;
    const end = super.read(text, at);
    const isRemembered = plain && text[at] === OPEN_OBJECT && end - at <= MAX_REMEMBERED;
    this.#last = isRemembered && end >= 0 ? Buffer.from(text.subarray(at, end)) : undefined;
    plain &&= wasPlain;
    return end;
  }
}

/** Reads the elements of an array one by one. */
export class Elements implements Reader {
  /** Number of elements of the array read last; undefined if it was none. */
  count: number | undefined;
  readonly #reader: Reader;
  readonly #onElement: (start: number, end: number) => void;

  /**
   * @param reader of each.
   * @param onElement is told where each was, after it was read.
   */
  constructor(reader: Reader, onElement: (start: number, end: number) => void) {
    this.#reader = reader;
    this.#onElement = onElement;
  }

  read(text: Buffer, at: number): number {
    this.count = undefined;
    if (text[at] !== OPEN_ARRAY) return skipValue(text, at);
    this.count = 0;
    at = skipSpace(text, at + 1);
    if (text[at] === CLOSE_ARRAY) return at + 1;
    for (;;) {
      plain = true;
      const end = this.#reader.read(text, at);
      if (end < 0) return NOT_READ;
      this.count += 1;
      this.#onElement(at, end);
      at = skipSpace(text, end);
      if (text[at] === CLOSE_ARRAY) return at + 1;
      if (text[at] !== COMMA) return NOT_READ;
      at = skipSpace(text, at + 1);
    }
  }
}

const QUOTE = 0x22;
const BACKSLASH = 0x5c;
const COMMA = 0x2c;
const COLON = 0x3a;
const OPEN_OBJECT = 0x7b;
const CLOSE_OBJECT = 0x7d;
const OPEN_ARRAY = 0x5b;
const CLOSE_ARRAY = 0x5d;

/** Deeper nesting is left to `JSON.parse`. */
const MAX_DEPTH = 48;

/** Digits of a number that is finite for sure. */
const MAX_NUMBER = 300;

const [OBJECT, ARRAY] = [1, 2];
const containers = new Uint8Array(MAX_DEPTH);

let plain = true;

/** Offset behind the JSON text of one value; {@link NOT_READ} if it is none. */
export function readText(text: Buffer, reader: Reader): number {
  plain = true;
  const end = reader.read(text, skipSpace(text, 0));
  return end >= 0 && skipSpace(text, end) === text.length ? end : NOT_READ;
}

/**
 * Whether the element or text that was read last may be stored as it stands: its texts have neither U+0000 nor lone
 * surrogates nor anything that looks like an IP address, its numbers are finite, it has no line breaks, and no wanted
 * key could be hidden in escapes. Says no where it cannot tell.
 */
export function isPlain(): boolean {
  return plain;
}

/** Offset behind the value at `at`; {@link NOT_READ} if there is none. */
export function skipValue(text: Buffer, at: number): number {
  let depth = 0;
  for (;;) {
    // A value begins here.
    const byte = at < text.length ? text[at]! : 0;
    if (byte === QUOTE) at = skipString(text, at + 1);
    else if (byte === OPEN_OBJECT || byte === OPEN_ARRAY) {
      if (depth === MAX_DEPTH) return NOT_READ;
      containers[depth] = byte === OPEN_OBJECT ? OBJECT : ARRAY;
      at = skipSpace(text, at + 1);
      if (text[at] === byte + 2) at += 1;
      else {
        depth += 1;
        if (byte === OPEN_OBJECT) at = skipKey(text, at);
        if (at < 0) return NOT_READ;
        continue;
      }
    } else if (byte === 0x74) at = skipWord(text, at, TRUE);
    else if (byte === 0x66) at = skipWord(text, at, FALSE);
    else if (byte === 0x6e) at = skipWord(text, at, NULL);
    else at = skipNumber(text, at);
    if (at < 0) return NOT_READ;

    // A value ended here.
    for (;;) {
      if (depth === 0) return at;
      at = skipSpace(text, at);
      const isObject = containers[depth - 1] === OBJECT;
      if (text[at] === COMMA) {
        at = skipSpace(text, at + 1);
        if (isObject) at = skipKey(text, at);
        if (at < 0) return NOT_READ;
        break;
      }
      if (text[at] !== (isObject ? CLOSE_OBJECT : CLOSE_ARRAY)) return NOT_READ;
      at += 1;
      depth -= 1;
    }
  }
}

/** Offset of what is no white space, from `at` on. */
export function skipSpace(text: Buffer, at: number): number {
  for (; at < text.length; at += 1) {
    const byte = text[at]!;
    if (byte > 0x20) return at;
    if (byte === 0x20) continue;
    // Rows are stored as lines.
    if (byte === 0x0a || byte === 0x0d || byte === 0x09) plain = false;
    else return at;
  }
  return at;
}

const TRUE = Buffer.from("true");
const FALSE = Buffer.from("false");
const NULL = Buffer.from("null");

function isAt(word: Buffer, text: Buffer, at: number): boolean {
  if (at + word.length > text.length) return false;
  for (let index = 0; index < word.length; index += 1) {
    if (text[at + index] !== word[index]) return false;
  }
  return true;
}

function skipWord(text: Buffer, at: number, word: Buffer): number {
  return isAt(word, text, at) ? at + word.length : NOT_READ;
}

/** Offset of the value behind the key at `at`. */
function skipKey(text: Buffer, at: number): number {
  if (text[at] !== QUOTE) return NOT_READ;
  at = skipString(text, at + 1);
  if (at < 0) return NOT_READ;
  at = skipSpace(text, at);
  return text[at] === COLON ? skipSpace(text, at + 1) : NOT_READ;
}

function skipNumber(text: Buffer, at: number): number {
  const start = at;
  if (text[at] === 0x2d) at += 1;
  const whole = at;
  at = skipDigits(text, at);
  if (at === whole || (text[whole] === 0x30 && at > whole + 1)) return NOT_READ;
  if (text[at] === 0x2e) {
    const fraction = at + 1;
    at = skipDigits(text, fraction);
    if (at === fraction) return NOT_READ;
  }
  if (text[at] === 0x65 || text[at] === 0x45) {
    plain = false;
    at += 1;
    if (text[at] === 0x2b || text[at] === 0x2d) at += 1;
    const exponent = at;
    at = skipDigits(text, at);
    if (at === exponent) return NOT_READ;
  }
  if (at - start > MAX_NUMBER) plain = false;
  return at;
}

function skipDigits(text: Buffer, at: number): number {
  while (at < text.length && isDigit(text[at]!)) at += 1;
  return at;
}

function isDigit(byte: number): boolean {
  return byte >= 0x30 && byte <= 0x39;
}

/** 0 for bytes of a string at which nothing has to be looked at. */
const KIND = new Uint8Array(256).fill(1, 0, 0x20);
for (const character of '"\\.:%') KIND[character.charCodeAt(0)] = 1;

/** Offset behind the string whose first character is at `at`. */
function skipString(text: Buffer, at: number): number {
  const { length } = text;
  for (;;) {
    while (at < length && KIND[text[at]!] === 0) at += 1;
    if (at >= length) return NOT_READ;
    const byte = text[at];
    if (byte === QUOTE) return at + 1;
    if (byte === BACKSLASH) {
      at = skipEscape(text, at);
      if (at < 0) return NOT_READ;
      continue;
    }
    if (byte === 0x2e) {
      if (mayBeV4(text, at)) plain = false;
    } else if (byte === COLON) {
      if (mayBeV6(text, at)) plain = false;
    } else if (byte === 0x25) {
      if (text[at + 1] === 0x33 && (text[at + 2]! | 0x20) === 0x61) plain = false;
    } else {
      return NOT_READ;
    }
    at += 1;
  }
}

const SHORT_ESCAPES = new Uint8Array(256);
for (const character of '"\\/bfnrt') SHORT_ESCAPES[character.charCodeAt(0)] = 1;

function skipEscape(text: Buffer, at: number): number {
  if (at + 1 >= text.length) return NOT_READ;
  const byte = text[at + 1]!;
  if (SHORT_ESCAPES[byte] === 1) return at + 2;
  if (byte !== 0x75 || at + 6 > text.length) return NOT_READ;
  for (let digit = at + 2; digit < at + 6; digit += 1) if (!isHex(text[digit]!)) return NOT_READ;
  // ASCII may be part of an address, U+D8.. to U+DF.. half of a character.
  const isAscii = text[at + 2] === 0x30 && text[at + 3] === 0x30 && text[at + 4]! < 0x38;
  if (isAscii || (text[at + 2]! | 0x20) === 0x64) plain = false;
  return at + 6;
}

function isHex(byte: number): boolean {
  return isDigit(byte) || ((byte | 0x20) >= 0x61 && (byte | 0x20) <= 0x66);
}

/** Whether the point at `at` stands behind the first of four short numbers. */
function mayBeV4(text: Buffer, at: number): boolean {
  if (!isDigit(text[at - 1]!)) return false;
  const second = skipDigits(text, at + 1);
  if (second === at + 1 || second > at + 4 || text[second] !== 0x2e) return false;
  const third = skipDigits(text, second + 1);
  if (third === second + 1 || third > second + 4 || text[third] !== 0x2e) return false;
  return skipDigits(text, third + 1) > third + 1;
}

/** Whether the colon at `at` is the first of two with no more than a group of v6 between them, and not of a time. */
function mayBeV6(text: Buffer, at: number): boolean {
  let behind = at + 1;
  while (behind < at + 5 && behind < text.length && isHex(text[behind]!)) behind += 1;
  if (text[behind] !== COLON) return false;
  return !(text[at - 3] === 0x54 && isDigit(text[at - 2]!) && isDigit(text[at - 1]!));
}

function hasBackslash(text: Buffer, start: number, end: number): boolean {
  for (let at = start; at < end; at += 1) if (text[at] === BACKSLASH) return true;
  return false;
}
