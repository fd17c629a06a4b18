import { PURPOSES } from "../contract/event.ts";

/**
 * Writes one field in the binary form of PostgreSQL: its length in four bytes, then its value. Takes a stretch of the JSON of an
 * event, and where to write to; returns the offset behind what it wrote, or {@link NOT_WRITTEN} where the JSON is not what an
 * event has there.
 */
type Writer = (json: Buffer, start: number, end: number, to: Buffer, at: number) => number;

/** What writers return for what they cannot write. */
export const NOT_WRITTEN = -1;

const QUOTE = 0x22;
const BACKSLASH = 0x5c;
/** Of what begins so, it is the only JSON. */
const NULL = 0x6e;

/** Writes a `text` of a JSON string or null. */
export const writeText: Writer = (json, start, end, to, at) => {
  if (json[start] === NULL) return writeLength(-1, to, at);
  if (json[start] !== QUOTE) return NOT_WRITTEN;
  let behind = at + 4;
  for (let from = start + 1; from < end - 1; from += 1) {
    const byte = json[from]!;
    if (byte === BACKSLASH || byte < 0x20) return writeEscaped(json, start, end, to, at);
    to[behind++] = byte;
  }
  writeLength(behind - at - 4, to, at);
  return behind;
};

const writeEscaped: Writer = (json, start, end, to, at) => {
  let text: string;
  try {
    text = JSON.parse(json.toString("utf8", start, end)) as string;
  } catch {
    return NOT_WRITTEN;
  }
  if (!text.isWellFormed() || text.includes("\0")) return NOT_WRITTEN;
  const bytes = to.write(text, at + 4);
  return writeLength(bytes, to, at) + bytes;
};

/** Writes a `jsonb`, which PostgreSQL checks. */
export const writeJson: Writer = (json, start, end, to, at) => {
  const value = writeLength(1 + end - start, to, at);
  // The version of the form.
  to[value] = 1;
  return value + 1 + json.copy(to, value + 1, start, end);
};

const TIME = Buffer.from('"0000-00-00T00:00:00.000Z"');
const DIGIT = 0x30;

/** The year 2000, from which PostgreSQL counts, in milliseconds since 1970. */
const EPOCH_MS = Date.UTC(2000, 0);

/** Writes a `timestamptz` of a time as `2026-01-31T12:00:00.000Z`, of 1970 to about 2285. */
export const writeTime: Writer = (json, start, end, to, at) => {
  if (end - start !== TIME.length) return NOT_WRITTEN;
  for (let index = 0; index < TIME.length; index += 1) {
    const byte = json[start + index]!;
    if (TIME[index] !== DIGIT ? byte !== TIME[index] : byte < DIGIT || byte > DIGIT + 9) {
      return NOT_WRITTEN;
    }
  }
  const day = dayMs(
    number(json, start + 1, 4),
    number(json, start + 6, 2),
    number(json, start + 9, 2),
  );
  const hour = number(json, start + 12, 2);
  const minute = number(json, start + 15, 2);
  const second = number(json, start + 18, 2);
  if (hour > 23 || minute > 59 || second > 59) return NOT_WRITTEN;
  const milliseconds = number(json, start + 21, 3);
  const microseconds =
    (day + ((hour * 60 + minute) * 60 + second) * 1000 + milliseconds - EPOCH_MS) * 1000;
  if (!Number.isSafeInteger(microseconds)) return NOT_WRITTEN;
  const value = writeLength(8, to, at);
  const high = Math.floor(microseconds / 2 ** 32);
  return writeLength(microseconds - high * 2 ** 32, to, writeLength(high, to, value));
};

function number(digits: Buffer, at: number, count: number): number {
  let value = 0;
  for (let index = at; index < at + count; index += 1) value = value * 10 + digits[index]! - DIGIT;
  return value;
}

let lastDay = { year: NaN, month: NaN, day: NaN, ms: NaN };

/** When a day begins, in milliseconds since 1970; NaN if there is no such day. */
function dayMs(year: number, month: number, day: number): number {
  if (lastDay.day !== day || lastDay.month !== month || lastDay.year !== year) {
    const date = new Date(Date.UTC(year, month - 1, day));
    const exists = year >= 1970 && date.getUTCMonth() === month - 1 && date.getUTCDate() === day;
    lastDay = { year, month, day, ms: exists ? date.getTime() : NaN };
  }
  return lastDay.ms;
}

/** What was written for each list of purposes, by its JSON. */
const lists = new Map<string, Buffer>();

/** Writes a `text[]` of purposes. */
export const writePurposes: Writer = (json, start, end, to, at) => {
  const key = json.toString("latin1", start, end);
  let list = lists.get(key);
  if (list === undefined) {
    list = listOf(key);
    if (list === undefined) return NOT_WRITTEN;
    lists.set(key, list);
  }
  for (let index = 0; index < list.length; index += 1) to[at + index] = list[index]!;
  return at + list.length;
};

function listOf(json: string): Buffer | undefined {
  const purposes = PURPOSES.filter((purpose) => json.includes(`"${purpose}"`)).sort(
    (one, other) => json.indexOf(`"${one}"`) - json.indexOf(`"${other}"`),
  );
  if (JSON.stringify(purposes) !== json) return undefined;
  // Dimensions, none is null, type text; length and first index of the one there is.
  const words = purposes.length === 0 ? [0, 0, 25] : [1, 0, 25, purposes.length, 1];
  const value = Buffer.alloc(256);
  let at = 4;
  for (const word of words) at = writeLength(word, value, at);
  for (const purpose of purposes)
    at = writeLength(purpose.length, value, at) + value.write(purpose, at + 4);
  writeLength(at - 4, value, 0);
  return value.subarray(0, at);
}

/** Writes four bytes of a number, as which -1 is the length of null; returns the offset behind them. */
function writeLength(length: number, to: Buffer, at: number): number {
  to[at] = length >>> 24;
  to[at + 1] = length >>> 16;
  to[at + 2] = length >>> 8;
  to[at + 3] = length;
  return at + 4;
}
