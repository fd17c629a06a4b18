import { crc32 } from "node:zlib";

/** What a record of the spool holds. */
export const RECORD_KINDS = {
  /** Nothing: written to find out whether the disk takes writes again. */
  probe: 0,
  /** One `Event` as JSON. */
  event: 1,
  /** One `BadRow` as JSON. */
  badRow: 2,
  /** One `Refusal` as JSON. */
  refusal: 3,
} as const;

export type RecordKind = (typeof RECORD_KINDS)[keyof typeof RECORD_KINDS];

/** A record as read back, or a stretch of bytes that are none. */
export type Found =
  | {
      readonly kind: RecordKind;
      /** When it was written, in milliseconds since 1970. */
      readonly writtenAt: number;
      /** JSON in UTF-8, without raw control characters. */
      readonly payload: Buffer;
      /** Offset behind it. */
      readonly end: number;
    }
  | { readonly kind: "corrupt"; readonly payload: Buffer; readonly end: number };

// magic 4 | CRC-32 of all that follows 4 | payload length 4 | kind 1 | written at, double 8 | payload
const HEADER = 21;
const CHECKED_FROM = 8;
// Not valid UTF-8, and payloads are: so no payload can pass for the start of a record.
const MAGIC = Buffer.from([0xfe, 0x53, 0xff, 0x50]);
const MAGIC_NUMBER = MAGIC.readUInt32LE();

/** One record as bytes to append to a segment. `json` is the text of a JSON value, as `JSON.stringify` writes it. */
export function encodeRecord(kind: RecordKind, json: string, writtenAt: number): Buffer {
  const record = Buffer.allocUnsafe(HEADER + Buffer.byteLength(json));
  record.write(json, HEADER, "utf8");
  sealRecord(record, 0, record.length, kind, writtenAt);
  return record;
}

/** Offset of the payload in a record. */
export const PAYLOAD_AT = HEADER;

/** Makes a record of memory in which the payload, JSON as that of {@link encodeRecord}, is {@link PAYLOAD_AT} behind `start` already. */
export function sealRecord(
  memory: Buffer,
  start: number,
  end: number,
  kind: RecordKind,
  writtenAt: number,
): void {
  memory.writeUInt32LE(MAGIC_NUMBER, start);
  memory.writeUInt32LE(end - start - HEADER, start + 8);
  memory.writeUInt8(kind, start + 12);
  memory.writeDoubleLE(writtenAt, start + 13);
  memory.writeUInt32LE(crc32(memory.subarray(start + CHECKED_FROM, end)), start + 4);
}

/**
 * The records in `bytes`, in order; what is not a record comes as `corrupt`, up to the next one that is whole.
 * Together they cover `bytes` without a gap.
 */
export function* scanRecords(bytes: Buffer): Generator<Found> {
  let at = 0;
  while (at < bytes.length) {
    const end = endOfRecord(bytes, at) ?? 0;
    if (end > 0) {
      yield {
        kind: bytes.readUInt8(at + 12) as RecordKind,
        writtenAt: bytes.readDoubleLE(at + 13),
        payload: bytes.subarray(at + HEADER, end),
        end,
      };
      at = end;
    } else {
      const next = nextRecord(bytes, at + 1);
      yield { kind: "corrupt", payload: bytes.subarray(at, next), end: next };
      at = next;
    }
  }
}

/**
 * Where a write that a crash cut short begins in `bytes`, the content of the segment last written to;
 * `bytes.length` if none was.
 *
 * Cut short is a record at the very end of which only a first part is there, or zeros where a file grew before
 * its content was written. All else that is not a record was once written whole, and is corrupt.
 */
export function tornTailStart(bytes: Buffer): number {
  let end = 0;
  for (const found of scanRecords(bytes)) {
    if (found.kind === "corrupt" && found.end === bytes.length && isTorn(found.payload)) return end;
    end = found.end;
  }
  return end;
}

function endOfRecord(bytes: Buffer, at: number): number | undefined {
  if (at + HEADER > bytes.length || bytes.readUInt32LE(at) !== MAGIC_NUMBER) return undefined;
  const end = at + HEADER + bytes.readUInt32LE(at + 8);
  if (end > bytes.length) return undefined;
  return crc32(bytes.subarray(at + CHECKED_FROM, end)) === bytes.readUInt32LE(at + 4)
    ? end
    : undefined;
}

function nextRecord(bytes: Buffer, from: number): number {
  for (let at = bytes.indexOf(MAGIC, from); at >= 0; at = bytes.indexOf(MAGIC, at + 1)) {
    if (endOfRecord(bytes, at) !== undefined) return at;
  }
  return bytes.length;
}

function isTorn(tail: Buffer): boolean {
  if (tail.every((byte) => byte === 0)) return true;
  const start = tail.subarray(0, MAGIC.length);
  if (!start.equals(MAGIC.subarray(0, start.length))) return false;
  return tail.length < HEADER || HEADER + tail.readUInt32LE(8) > tail.length;
}
