import { body } from "./body";
import { OPEN_OBJECT, QUOTE } from "./json";

/** Of all that JSON has, only null begins with it. */
const LETTER_N = 0x6e;

/** Where a value stands: its offset in the body and the one behind it, in two words; -1 if there is none. */
export function setSpan(span: usize, start: i32, end: i32): void {
  store<i32>(span, start);
  store<i32>(span, end, 4);
}

export function startOf(span: usize): i32 {
  return load<i32>(span);
}

export function endOf(span: usize): i32 {
  return load<i32>(span, 4);
}

export function isThere(span: usize): bool {
  return startOf(span) >= 0;
}

export function isObject(span: usize): bool {
  return isThere(span) && load<u8>(body + startOf(span)) == OPEN_OBJECT;
}

/** Whether a text of 1 up to `most` bytes is there. */
export function isText(span: usize, most: i32): bool {
  const length = endOf(span) - startOf(span) - 2;
  return isThere(span) && load<u8>(body + startOf(span)) == QUOTE && length > 0 && length <= most;
}

/** Copies the span of a text, or that there is none; false for anything else. */
export function copyTextOrNull(to: usize, span: usize, most: i32): bool {
  if (isText(span, most)) {
    setSpan(to, startOf(span), endOf(span));
    return true;
  }
  setSpan(to, -1, -1);
  return !isThere(span) || load<u8>(body + startOf(span)) == LETTER_N;
}
