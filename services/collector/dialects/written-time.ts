/** Bytes of a time as in an event, with its quotation marks. */
const LENGTH = 26;

/** Where its digits are. */
const DIGITS = [1, 2, 3, 4, 6, 7, 9, 10, 12, 13, 15, 16, 18, 19, 21, 22, 23];

const SIGNS: readonly (readonly [number, string])[] = [
  [5, "-"],
  [8, "-"],
  [11, "T"],
  [14, ":"],
  [17, ":"],
  [20, "."],
  [24, "Z"],
];
const SIGN_AT = SIGNS.map(([at]) => at);
const SIGN = SIGNS.map(([, sign]) => sign.charCodeAt(0));

/**
 * Whether a JSON string is a time in the form that events have it: `"2026-01-31T12:00:00.000Z"`. The
 * 29th of February is left to others: no.
 */
export function isWrittenTime(text: Buffer, start: number, end: number): boolean {
  if (end - start !== LENGTH) return false;
  for (let index = 0; index < SIGN.length; index += 1) {
    if (text[start + SIGN_AT[index]!] !== SIGN[index]) return false;
  }
  for (const at of DIGITS) {
    const digit = text[start + at]!;
    if (digit < 0x30 || digit > 0x39) return false;
  }
  const two = (at: number): number =>
    (text[start + at]! - 0x30) * 10 + text[start + at + 1]! - 0x30;
  const [year, month, day] = [two(1) * 100 + two(3), two(6), two(9)];
  if (year < 1970 || month < 1 || month > 12 || day < 1) return false;
  const days =
    month === 2 ? 28 : month === 4 || month === 6 || month === 9 || month === 11 ? 30 : 31;
  return day <= days && two(12) < 24 && two(15) < 60 && two(18) < 60;
}
