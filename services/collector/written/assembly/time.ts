import { isDigit } from "./addresses";

/** Bytes of a time as in an event, with its quotation marks. */
const LENGTH = 26;

/**
 * Whether a JSON string is a time in the form that events have it: `"2026-01-31T12:00:00.000Z"`. The
 * 29th of February is left to others: no.
 */
export function isWrittenTime(at: usize, length: i32): bool {
  if (length != LENGTH) return false;
  for (let index = 1; index < LENGTH - 1; index++) {
    const byte = load<u8>(at + index);
    const sign = signAt(index);
    if (sign == 0 ? !isDigit(byte) : byte != sign) return false;
  }
  const year = two(at + 1) * 100 + two(at + 3);
  const month = two(at + 6);
  const day = two(at + 9);
  if (year < 1970 || month < 1 || month > 12 || day < 1) return false;
  return day <= daysOf(month) && two(at + 12) < 24 && two(at + 15) < 60 && two(at + 18) < 60;
}

/** What is neither digit nor quotation mark; 0 where a digit is. */
function signAt(index: i32): u8 {
  switch (index) {
    case 5:
    case 8:
      return 0x2d;
    case 11:
      return 0x54;
    case 14:
    case 17:
      return 0x3a;
    case 20:
      return 0x2e;
    case 24:
      return 0x5a;
    default:
      return 0;
  }
}

function daysOf(month: i32): i32 {
  if (month == 2) return 28;
  return month == 4 || month == 6 || month == 9 || month == 11 ? 30 : 31;
}

function two(at: usize): i32 {
  return (<i32>load<u8>(at) - 0x30) * 10 + <i32>load<u8>(at + 1) - 0x30;
}
