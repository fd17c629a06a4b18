import { isColonInUrl, isHex, mayBeV4, mayBeV6, skipDigits } from "./addresses";
import { isSame, word } from "./word";

/** What readers return for what is not JSON, or nests too deep for them: no address. */
export const NOT_READ: usize = 0;

export const QUOTE = 0x22;
export const COMMA = 0x2c;
export const COLON = 0x3a;
export const OPEN_OBJECT = 0x7b;
export const CLOSE_OBJECT = 0x7d;
export const OPEN_ARRAY = 0x5b;
export const CLOSE_ARRAY = 0x5d;
const BACKSLASH = 0x5c;
const POINT = 0x2e;
const PERCENT = 0x25;
/** An opening bracket is two before the closing one. */
const TO_CLOSE = 2;

/** Deeper nesting is left to `JSON.parse`. */
const MAX_DEPTH = 48;
/** For each container that is open, what closes it. */
const closing = memory.data(48);

/** Digits of an integer that a number holds exactly for sure. */
const EXACT_DIGITS: usize = 15;

const TRUE = word("true");
const FALSE = word("false");
const NULL = word("null");

/** A key by which people forbid what else their consent would grant: its event must be parsed. */
const OPT_OUT = word('"globalPrivacyControl"');
const OPT_OUT_BYTES: usize = 22;

/**
 * Whether what was read since {@link setPlain} may be stored as it stands: its texts have neither U+0000 nor lone surrogates nor
 * anything that looks like an IP address, its numbers are finite and its integers exact, it has no line breaks, nobody opts out in
 * it, and no wanted key could be hidden in escapes. Says no where it cannot tell.
 */
export let plain: bool = true;

export function setPlain(value: bool): void {
  plain = value;
}

/** Address behind the value at `at`. */
export function skipValue(at: usize): usize {
  let depth = 0;
  while (true) {
    // A value begins here.
    const byte = <u32>load<u8>(at);
    if (byte == QUOTE) at = skipString(at + 1);
    else if (byte == OPEN_OBJECT || byte == OPEN_ARRAY) {
      if (depth == MAX_DEPTH) return NOT_READ;
      store<u8>(closing + depth, byte + TO_CLOSE);
      at = skipSpace(at + 1);
      if (load<u8>(at) == byte + TO_CLOSE) at++;
      else {
        depth++;
        if (byte == OPEN_OBJECT) at = skipKeyAndColon(at);
        if (at == NOT_READ) return NOT_READ;
        continue;
      }
    } else if (byte == 0x74) at = isSame(TRUE, at, 4) ? at + 4 : NOT_READ;
    else if (byte == 0x66) at = isSame(FALSE, at, 5) ? at + 5 : NOT_READ;
    else if (byte == 0x6e) at = isSame(NULL, at, 4) ? at + 4 : NOT_READ;
    else at = skipNumber(at);
    if (at == NOT_READ) return NOT_READ;

    // A value ended here.
    while (true) {
      if (depth == 0) return at;
      at = skipSpace(at);
      const close = load<u8>(closing + depth - 1);
      const next = load<u8>(at);
      if (next == COMMA) {
        at = skipSpace(at + 1);
        if (close == CLOSE_OBJECT) at = skipKeyAndColon(at);
        if (at == NOT_READ) return NOT_READ;
        break;
      }
      if (next != close) return NOT_READ;
      at++;
      depth--;
    }
  }
}

/** Address of what is no white space, from `at` on. */
export function skipSpace(at: usize): usize {
  while (true) {
    const byte = load<u8>(at);
    if (byte > 0x20) return at;
    // Rows are stored as lines.
    if (byte == 0x0a || byte == 0x0d || byte == 0x09) plain = false;
    else if (byte != 0x20) return at;
    at++;
  }
}

/** Address of the value behind the key whose string ended before `at`. */
export function skipColon(at: usize): usize {
  at = skipSpace(at);
  return load<u8>(at) == COLON ? skipSpace(at + 1) : NOT_READ;
}

/** Address behind the string whose first character is at `at`. */
export function skipString(at: usize): usize {
  // A byte has to be looked at if its halves have a class in common: control characters, signs of 0x2., the colon, the backslash.
  const ofLow = i8x16(1, 1, 3, 1, 1, 3, 1, 1, 1, 1, 5, 1, 9, 1, 3, 1);
  const ofHigh = i8x16(1, 1, 2, 4, 0, 8, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0);
  while (true) {
    const bytes = v128.load(at);
    const low = i8x16.swizzle(ofLow, v128.and(bytes, i8x16.splat(0x0f)));
    const high = i8x16.swizzle(ofHigh, i8x16.shr_u(bytes, 4));
    const found = i8x16.bitmask(i8x16.ne(v128.and(low, high), i8x16.splat(0)));
    if (found == 0) {
      at += 16;
      continue;
    }
    at += ctz(found);
    const byte = load<u8>(at);
    if (byte == QUOTE) return at + 1;
    if (byte == BACKSLASH) {
      at = skipEscape(at);
      if (at == NOT_READ) return NOT_READ;
      continue;
    }
    if (byte == POINT) {
      if (mayBeV4(at)) plain = false;
    } else if (byte == COLON) {
      if (mayBeV6(at)) plain = false;
    } else if (byte == PERCENT) {
      if (isColonInUrl(at)) plain = false;
    } else return NOT_READ;
    at++;
  }
}

/** Whether a string has escapes. */
export function hasEscape(start: usize, end: usize): bool {
  for (let at = start; at < end; at++) if (load<u8>(at) == BACKSLASH) return true;
  return false;
}

/** Address behind the key at `at`, and its quotation mark. */
export function skipKey(at: usize): usize {
  if (load<u8>(at) != QUOTE) return NOT_READ;
  const end = skipString(at + 1);
  if (end - at == OPT_OUT_BYTES && isSame(OPT_OUT, at, <i32>OPT_OUT_BYTES)) plain = false;
  return end;
}

/** Address of the value behind the key at `at`. */
function skipKeyAndColon(at: usize): usize {
  at = skipKey(at);
  return at == NOT_READ ? NOT_READ : skipColon(at);
}

function skipNumber(at: usize): usize {
  if (load<u8>(at) == 0x2d) at++;
  const whole = at;
  at = skipDigits(at);
  if (at - whole > EXACT_DIGITS) plain = false;
  if (at == whole || (load<u8>(whole) == 0x30 && at > whole + 1)) return NOT_READ;
  if (load<u8>(at) == POINT) {
    const fraction = at + 1;
    at = skipDigits(fraction);
    if (at == fraction) return NOT_READ;
  }
  if ((load<u8>(at) | 0x20) == 0x65) {
    plain = false;
    at++;
    if (load<u8>(at) == 0x2b || load<u8>(at) == 0x2d) at++;
    const exponent = at;
    at = skipDigits(at);
    if (at == exponent) return NOT_READ;
  }
  return at;
}

function skipEscape(at: usize): usize {
  switch (<i32>load<u8>(at + 1)) {
    case QUOTE:
    case BACKSLASH:
    case 0x2f: // slash
    case 0x62: // b
    case 0x66: // f
    case 0x6e: // n
    case 0x72: // r
    case 0x74: // t
      return at + 2;
    case 0x75: // u
      return skipUnicode(at);
    default:
      return NOT_READ;
  }
}

function skipUnicode(at: usize): usize {
  for (let digit = at + 2; digit < at + 6; digit++) if (!isHex(load<u8>(digit))) return NOT_READ;
  // ASCII may be part of an address, U+D8.. to U+DF.. half of a character.
  const isAscii = load<u8>(at + 2) == 0x30 && load<u8>(at + 3) == 0x30 && load<u8>(at + 4) < 0x38;
  if (isAscii || (load<u8>(at + 2) | 0x20) == 0x64) plain = false;
  return at + 6;
}
