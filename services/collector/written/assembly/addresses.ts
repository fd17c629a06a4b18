const POINT = 0x2e;
const COLON = 0x3a;
const LETTER_T = 0x54;

/** Whether the point at `at` stands behind the first of four short numbers. */
export function mayBeV4(at: usize): bool {
  if (!isDigit(load<u8>(at - 1))) return false;
  const second = skipDigits(at + 1);
  if (second == at + 1 || second > at + 4 || load<u8>(second) != POINT) return false;
  const third = skipDigits(second + 1);
  if (third == second + 1 || third > second + 4 || load<u8>(third) != POINT) return false;
  return skipDigits(third + 1) > third + 1;
}

/** Whether the colon at `at` is the first of two with no more than a group of v6 between them, and not of a time. */
export function mayBeV6(at: usize): bool {
  let behind = at + 1;
  while (behind < at + 5 && isHex(load<u8>(behind))) behind++;
  if (load<u8>(behind) != COLON) return false;
  return !(load<u8>(at - 3) == LETTER_T && isDigit(load<u8>(at - 2)) && isDigit(load<u8>(at - 1)));
}

/** Whether the percent sign at `at` is that of a colon in a URL. */
export function isColonInUrl(at: usize): bool {
  return load<u8>(at + 1) == 0x33 && (load<u8>(at + 2) | 0x20) == 0x61;
}

export function skipDigits(at: usize): usize {
  while (isDigit(load<u8>(at))) at++;
  return at;
}

export function isDigit(byte: u32): bool {
  return byte - 0x30 < 10;
}

export function isHex(byte: u32): bool {
  return isDigit(byte) || (byte | 0x20) - 0x61 < 6;
}
