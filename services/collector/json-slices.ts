/** A stretch of bytes. */
interface Span {
  readonly start: number;
  /** Offset behind it. */
  readonly end: number;
}

/**
 * The bytes of each element of the array that an object has under `key`, as they stand in `text`.
 *
 * @param text JSON of an object, which `JSON.parse` has accepted and in which `key` is an array.
 */
export function elementSlices(text: Buffer, key: string): Buffer[] {
  return elements(text, valueSpan(text, key).start);
}

/**
 * Where the value is that an object has under `key`.
 *
 * @param text JSON of an object, which `JSON.parse` has accepted and which has `key`.
 */
function valueSpan(text: Buffer, key: string): Span {
  const wanted = JSON.stringify(key);
  let span: Span = { start: 0, end: 0 };
  let at = skipSpace(text, skipSpace(text, 0) + 1);
  while (text[at] !== CLOSE_OBJECT) {
    const keyEnd = skipString(text, at);
    // Keys may be written with escapes.
    const found = JSON.stringify(JSON.parse(text.toString("utf8", at, keyEnd))) === wanted;
    at = skipSpace(text, skipSpace(text, keyEnd) + 1);
    const end = skipValue(text, at);
    // Of a key given twice JSON.parse takes the last.
    if (found) span = { start: at, end };
    at = skipComma(text, end);
  }
  return span;
}

/** The bytes of each element of an array, as they stand in `text`, JSON which `JSON.parse` has accepted. */
export function arraySlices(text: Buffer): Buffer[] {
  return elements(text, skipSpace(text, 0));
}

/** `text` with `element` for all that is in the array under `key`. Both and `key` as for {@link elementSlices}. */
export function withOnlyElement(text: Buffer, key: string, element: Buffer): Buffer {
  const { start, end } = valueSpan(text, key);
  return Buffer.concat([text.subarray(0, start + 1), element, text.subarray(end - 1)]);
}

const QUOTE = 0x22;
const BACKSLASH = 0x5c;
const COMMA = 0x2c;
const OPEN_OBJECT = 0x7b;
const CLOSE_OBJECT = 0x7d;
const OPEN_ARRAY = 0x5b;
const CLOSE_ARRAY = 0x5d;

function elements(text: Buffer, array: number): Buffer[] {
  const slices: Buffer[] = [];
  let at = skipSpace(text, array + 1);
  while (text[at] !== CLOSE_ARRAY) {
    const end = skipValue(text, at);
    slices.push(text.subarray(at, end));
    at = skipComma(text, end);
  }
  return slices;
}

function skipSpace(text: Buffer, at: number): number {
  while (text[at]! <= 0x20) at += 1;
  return at;
}

function skipComma(text: Buffer, at: number): number {
  at = skipSpace(text, at);
  return text[at] === COMMA ? skipSpace(text, at + 1) : at;
}

/** Offset behind the string that begins at `at`. */
function skipString(text: Buffer, at: number): number {
  for (at += 1; text[at] !== QUOTE; at += 1) if (text[at] === BACKSLASH) at += 1;
  return at + 1;
}

/** Offset behind the value that begins at `at`. */
function skipValue(text: Buffer, at: number): number {
  let depth = 0;
  do {
    const byte = text[at];
    if (byte === QUOTE) {
      at = skipString(text, at);
      continue;
    }
    if (byte === OPEN_OBJECT || byte === OPEN_ARRAY) depth += 1;
    else if (byte === CLOSE_OBJECT || byte === CLOSE_ARRAY) depth -= 1;
    else if (depth === 0) return skipScalar(text, at);
    at += 1;
  } while (depth > 0);
  return at;
}

function skipScalar(text: Buffer, at: number): number {
  while (at < text.length && text[at]! > 0x20) {
    const byte = text[at];
    if (byte === COMMA || byte === CLOSE_OBJECT || byte === CLOSE_ARRAY) break;
    at += 1;
  }
  return at;
}
