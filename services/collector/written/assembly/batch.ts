import { body, bodyEnd } from "./body";
import {
  CLOSE_ARRAY,
  CLOSE_OBJECT,
  COMMA,
  hasEscape,
  NOT_READ,
  OPEN_ARRAY,
  OPEN_OBJECT,
  setPlain,
  skipColon,
  skipKey,
  skipSpace,
  skipValue,
} from "./json";
import { Member, readMembers, spanOf } from "./members";
import { MAX_EVENTS, rowOf, writeRow } from "./row";
import { endOf, setSpan, startOf } from "./span";
import { isSame, word } from "./word";

/** What a body must be parsed for. */
const UNREADABLE = -1;

const BATCH = word("batch");
const SENT_AT = word("sentAt");
const WRITE_KEY = word("writeKey");

/** Spans of what a body has beside its events: its write key, and when it was sent. */
export const envelope = memory.data(16, 8);

/** Reads the body as a batch, writes a row for each of its events; returns their number, -1 if the body must be parsed. */
export function readBatch(): i32 {
  setSpan(envelope, -1, -1);
  setSpan(envelope + 8, -1, -1);
  let events = UNREADABLE;
  let at = body;
  if (load<u8>(at) != OPEN_OBJECT) return UNREADABLE;
  at = skipSpace(at + 1);
  while (true) {
    const key = at + 1;
    at = skipKey(at);
    // It could be one of those that are wanted.
    if (at == NOT_READ || hasEscape(key, at)) return UNREADABLE;
    const length = <i32>(at - 1 - key);
    const start = skipColon(at);
    if (start == NOT_READ) return UNREADABLE;
    if (length == 5 && isSame(BATCH, key, length)) {
      // Of a batch given twice the last counts.
      if (events != UNREADABLE) return UNREADABLE;
      at = readEvents(start);
      events = count;
    } else at = skipValue(start);
    if (at == NOT_READ) return UNREADABLE;
    if (length == 8 && isSame(WRITE_KEY, key, length)) {
      setSpan(envelope, <i32>(start - body), <i32>(at - body));
    } else if (length == 6 && isSame(SENT_AT, key, length)) {
      setSpan(envelope + 8, <i32>(start - body), <i32>(at - body));
    }

    at = skipSpace(at);
    const next = load<u8>(at);
    if (next == CLOSE_OBJECT) break;
    if (next != COMMA) return UNREADABLE;
    at = skipSpace(at + 1);
  }
  return skipSpace(at + 1) == bodyEnd ? events : UNREADABLE;
}

/** Reads the body as one event, writes the first row; false if the body must be parsed. */
export function readSingle(type: i32): bool {
  setPlain(true);
  if (load<u8>(body) != OPEN_OBJECT) return false;
  const end = readMembers(body);
  if (end == NOT_READ || skipSpace(end) != bodyEnd) return false;
  writeRow(rowOf(0), body, bodyEnd, type);
  const writeKey = spanOf(Member.writeKey);
  setSpan(envelope, startOf(writeKey), endOf(writeKey));
  return true;
}

let count = 0;

function readEvents(at: usize): usize {
  count = 0;
  if (load<u8>(at) != OPEN_ARRAY) return NOT_READ;
  at = skipSpace(at + 1);
  if (load<u8>(at) == CLOSE_ARRAY) return at + 1;
  while (true) {
    if (count == MAX_EVENTS) return NOT_READ;
    setPlain(true);
    const end = readMembers(at);
    if (end == NOT_READ) return NOT_READ;
    writeRow(rowOf(count), at, end, -1);
    count++;
    at = skipSpace(end);
    const next = load<u8>(at);
    if (next == CLOSE_ARRAY) return at + 1;
    if (next != COMMA) return NOT_READ;
    at = skipSpace(at + 1);
  }
}
