import { setImmediate } from "node:timers/promises";

import { NOT_WRITTEN, writeJson, writePurposes, writeText, writeTime } from "./tuple-fields.ts";
import { WrittenMembers } from "./written-members.ts";

/** Columns of `events.event` with the member of an event that each is made of, in the order of a tuple. */
const FIELDS = [
  { column: "source", member: "source", write: writeText },
  { column: "id", member: "id", write: writeText },
  { column: "user_id", member: "userId", write: writeText },
  { column: "anonymous_id", member: "anonymousId", write: writeText },
  { column: "occurred_at", member: "occurredAt", write: writeTime },
  { column: "received_at", member: "receivedAt", write: writeTime },
  { column: "type", member: "type", write: writeText },
  { column: "name", member: "name", write: writeText },
  { column: "dialect", member: "dialect", write: writeText },
  { column: "campaign", member: "campaign", write: writeText },
  { column: "consent", member: "consent", write: writePurposes },
  { column: "context", member: "context", write: writeJson },
  { column: "properties", member: "properties", write: writeJson },
] as const;

/** Columns of a tuple, in its order. */
export const TUPLE_COLUMNS = ["stored_at", "stored_by", ...FIELDS.map(({ column }) => column)];

/** What the rows of a transaction have in common, as PostgreSQL sends it in binary. */
export interface Storing {
  readonly storedAt: Buffer;
  readonly storedBy: Buffer;
}

/** Types of arrays of fields, by their number in PostgreSQL. */
const TYPES = { text: 25, timestamptz: 1184 } as const;

const HEADER = Buffer.from("PGCOPY\n\xff\r\n\0\0\0\0\0\0\0\0\0", "latin1");
const TRAILER = Buffer.from([0xff, 0xff]);

/** Bytes of a tuple before the first field of {@link FIELDS}: their number, and two fields of 8 bytes. */
const HEAD_BYTES = 2 + 2 * (4 + 8);

/** What a tuple may have more bytes than the JSON of its event, which has the names of all fields. */
const MORE_BYTES = 64;

/** Events that are taken apart before others have their turn, such as a connection on which events are stored meanwhile. */
const AT_A_TIME = 200;

/** Events in the binary form of COPY. */
export class EventTuples {
  readonly #bytes: Buffer;
  /** Where each tuple begins, and the end. */
  readonly #offsets: number[] = [];

  private constructor(rows: readonly Buffer[]) {
    let size = HEADER.length + TRAILER.length;
    for (const row of rows) size += row.length + MORE_BYTES;
    this.#bytes = Buffer.allocUnsafe(size);
  }

  /**
   * Takes events apart.
   *
   * @param rows JSON of them, in the words in which the collector writes it.
   * @returns undefined if one of them is in others: PostgreSQL knows what to make of it.
   */
  static async of(rows: readonly Buffer[]): Promise<EventTuples | undefined> {
    const tuples = new EventTuples(rows);
    let at = HEADER.copy(tuples.#bytes);
    for (const [index, row] of rows.entries()) {
      if (index % AT_A_TIME === AT_A_TIME - 1) await setImmediate();
      tuples.#offsets.push(at);
      at = writeTuple(row, tuples.#bytes, at + HEAD_BYTES);
      if (at === NOT_WRITTEN) return undefined;
    }
    tuples.#offsets.push(at);
    return tuples;
  }

  /** The values of one field as an array of PostgreSQL, in binary. */
  array(member: (typeof FIELDS)[number]["member"], type: keyof typeof TYPES): Buffer {
    const before = FIELDS.findIndex((field) => field.member === member);
    const bytes = this.#bytes;
    const count = this.#offsets.length - 1;
    let size = 20;
    const starts = new Uint32Array(count);
    for (let number = 0; number < count; number += 1) {
      let at = this.#offsets[number]! + HEAD_BYTES;
      for (let field = 0; field < before; field += 1) at = behindField(bytes, at);
      starts[number] = at;
      size += behindField(bytes, at) - at;
    }
    const array = Buffer.allocUnsafe(size);
    // One dimension, may hold null, type, length, first index.
    let to = 0;
    for (const word of [1, 1, TYPES[type], count, 1]) to = array.writeInt32BE(word, to);
    for (const start of starts) {
      const end = behindField(bytes, start);
      for (let at = start; at < end; at += 1) array[to++] = bytes[at]!;
    }
    return array;
  }

  /**
   * What to give to COPY: of each key the first event that is not left out; undefined if there is none. Ends the use of
   * these tuples.
   *
   * @param leftOut numbers of events, counted from 0. Those whose key came before are added.
   */
  copied(leftOut: Set<number>, { storedAt, storedBy }: Storing): Buffer | undefined {
    const bytes = this.#bytes;
    const head = [0, TUPLE_COLUMNS.length, 0, 0, 0, 8, ...storedAt, 0, 0, 0, 8, ...storedBy];
    const keys = new Set<string>();
    let to = HEADER.length;
    for (let number = 0; number < this.#offsets.length - 1; number += 1) {
      if (leftOut.has(number)) continue;
      const start = this.#offsets[number]!;
      const end = this.#offsets[number + 1]!;
      const key = start + HEAD_BYTES;
      const before = keys.size;
      // With their lengths, so that no two keys are one text.
      keys.add(bytes.toString("latin1", key, behindField(bytes, behindField(bytes, key))));
      if (keys.size === before) {
        leftOut.add(number);
        continue;
      }
      if (to !== start) bytes.copyWithin(to, start, end);
      for (let index = 0; index < HEAD_BYTES; index += 1) bytes[to + index] = head[index]!;
      to += end - start;
    }
    if (keys.size === 0) return undefined;
    return bytes.subarray(0, to + TRAILER.copy(bytes, to));
  }
}

const members = new WrittenMembers(FIELDS.map(({ member }) => member));

/** Writes what of a tuple comes from an event; returns the offset behind it, or {@link NOT_WRITTEN}. */
function writeTuple(row: Buffer, to: Buffer, at: number): number {
  if (!members.find(row)) return NOT_WRITTEN;
  const { spans } = members;
  for (let field = 0; field < FIELDS.length; field += 1) {
    const { write } = FIELDS[field]!;
    at = write(row, spans[2 * field]!, spans[2 * field + 1]!, to, at);
    if (at === NOT_WRITTEN) return NOT_WRITTEN;
  }
  return at;
}

function behindField(bytes: Buffer, at: number): number {
  return at + 4 + Math.max(0, bytes.readInt32BE(at));
}
