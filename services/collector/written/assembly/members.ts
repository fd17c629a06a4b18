import { body } from "./body";
import { readContext } from "./context";
import {
  CLOSE_OBJECT,
  COMMA,
  hasEscape,
  NOT_READ,
  OPEN_OBJECT,
  setPlain,
  skipColon,
  skipKey,
  skipSpace,
  skipValue,
} from "./json";
import { setSpan } from "./span";
import { isSame, word } from "./word";

/** What is wanted of an event of Segment's HTTP API to keep it as it was written. */
export const enum Member {
  type,
  messageId,
  event,
  name,
  userId,
  anonymousId,
  timestamp,
  originalTimestamp,
  sentAt,
  context,
  properties,
  traits,
  category,
  groupId,
  integrations,
  writeKey,
}

const KEYS: StaticArray<string> = [
  "type",
  "messageId",
  "event",
  "name",
  "userId",
  "anonymousId",
  "timestamp",
  "originalTimestamp",
  "sentAt",
  "context",
  "properties",
  "traits",
  "category",
  "groupId",
  "integrations",
  "writeKey",
];
const COUNT = 16;
const NONE = -1;

const MAX_LENGTH = 17;
/** Of each length the first member whose key has it, and of each member the next one whose key is as long; -1 if there is none. */
const firstOfLength = memory.data(18);
const nextOfLength = memory.data(16);
const words = memory.data(16 * sizeof<usize>(), 8);

const spans = memory.data(16 * 8, 8);

memory.fill(firstOfLength, 0xff, MAX_LENGTH + 1);
for (let member = 0; member < COUNT; member++) {
  const key = unchecked(KEYS[member]);
  store<usize>(words + member * sizeof<usize>(), word(key));
  store<i8>(nextOfLength + member, load<i8>(firstOfLength + key.length));
  store<i8>(firstOfLength + key.length, <i8>member);
}

/** Where the value of a member is in the object read last; of a key given twice the last, as `JSON.parse` does. */
export function spanOf(member: Member): usize {
  return spans + ((<usize>member) << 3);
}

/** Reads an event, and finds its {@link Member}s. */
export function readMembers(at: usize): usize {
  for (let member = 0; member < COUNT; member++) setSpan(spanOf(<Member>member), -1, -1);
  if (load<u8>(at) != OPEN_OBJECT) return skipValue(at);
  at = skipSpace(at + 1);
  if (load<u8>(at) == CLOSE_OBJECT) return at + 1;
  while (true) {
    const key = at + 1;
    at = skipKey(at);
    if (at == NOT_READ) return NOT_READ;
    const member = memberAt(key, <i32>(at - 1 - key));
    if (member == NONE && hasEscape(key, at)) setPlain(false);

    const start = skipColon(at);
    if (start == NOT_READ) return NOT_READ;
    at = member == Member.context ? readContext(start) : skipValue(start);
    if (at == NOT_READ) return NOT_READ;
    if (member != NONE) setSpan(spanOf(<Member>member), <i32>(start - body), <i32>(at - body));

    at = skipSpace(at);
    const next = load<u8>(at);
    if (next == CLOSE_OBJECT) return at + 1;
    if (next != COMMA) return NOT_READ;
    at = skipSpace(at + 1);
  }
}

function memberAt(key: usize, length: i32): i32 {
  if (length > MAX_LENGTH) return NONE;
  let member = <i32>load<i8>(firstOfLength + length);
  while (member != NONE && !isSame(load<usize>(words + member * sizeof<usize>()), key, length)) {
    member = <i32>load<i8>(nextOfLength + member);
  }
  return member;
}
