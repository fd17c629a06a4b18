import { body, bodyRoomEnd, ensure } from "./body";
import { Field, fieldOf, rowOf } from "./row";
import { endOf, isThere, startOf } from "./span";
import { word } from "./word";

/** Whole vectors are copied: up to so many bytes too many are read and written, and written over by what comes next. */
const VECTOR = 16;

const MAX_HEAD = 1024;
const head = memory.data(1024 + 16, 16);
let headLength = 0;

const MAX_TIME = 32;
const receivedAt = memory.data(32 + 16, 16);
let receivedAtLength = 0;

const NULL = word("null");
const EMPTY_OBJECT = word("{}");
const CLOSE_OBJECT = 0x7d;

const NAMES: StaticArray<string> = [
  ',"id":',
  ',"name":',
  ',"occurredAt":',
  ',"anonymousId":',
  ',"userId":',
  ',"campaign":',
  ',"context":',
  ',"properties":',
];
const names = memory.data(8 * sizeof<usize>(), 8);
const nameLengths = memory.data(8);
/** Bytes of all names, of what stands for fields that are not there, and of a campaign's name, which is in the context too. */
const MOST_BESIDE = 1024;

for (let field = 0; field < NAMES.length; field++) {
  store<usize>(names + field * sizeof<usize>(), word(unchecked(NAMES[field])));
  store<u8>(nameLengths + field, <u8>unchecked(NAMES[field]).length);
}

/** Where the beginning of the events to be written must be put, up to `"receivedAt":`; 0 if it is too long. */
export function setHead(length: i32): usize {
  if (length > MAX_HEAD) return 0;
  headLength = length;
  return head;
}

/** Where the JSON of the time at which they came must be put; 0 if it is too long. */
export function setReceivedAt(length: i32): usize {
  if (length > MAX_TIME) return 0;
  receivedAtLength = length;
  return receivedAt;
}

/** Where payloads are written. */
export function payloadAt(): usize {
  return bodyRoomEnd;
}

/** Writes the payload of an event, with the first `fields` of {@link Field}; returns its length. */
export function writePayload(event: i32, fields: i32): i32 {
  const row = rowOf(event);
  ensure(
    bodyRoomEnd + headLength + 2 * receivedAtLength + (endOf(row) - startOf(row)) + MOST_BESIDE,
  );
  let to = copy(bodyRoomEnd, head, headLength);
  to = copy(to, receivedAt, receivedAtLength);
  for (let field = 0; field < fields; field++) {
    to = copy(to, load<usize>(names + field * sizeof<usize>()), load<u8>(nameLengths + field));
    const span = fieldOf(row, <Field>field);
    if (isThere(span)) to = copy(to, body + startOf(span), endOf(span) - startOf(span));
    else if (field == Field.occurredAt) to = copy(to, receivedAt, receivedAtLength);
    else if (field == Field.context || field == Field.properties) to = copy(to, EMPTY_OBJECT, 2);
    else to = copy(to, NULL, 4);
  }
  store<u8>(to, CLOSE_OBJECT);
  return <i32>(to + 1 - bodyRoomEnd);
}

function copy(to: usize, from: usize, length: i32): usize {
  for (let at = 0; at < length; at += VECTOR) v128.store(to + at, v128.load(from + at));
  return to + length;
}
