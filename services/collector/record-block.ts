import { PAYLOAD_AT, sealRecord } from "./record.ts";
import type { RecordKind } from "./record.ts";

/** Memory that a block has at first, and again when it is emptied, in bytes. */
const LEAST_MEMORY = 1024 * 1024;

/** Records one behind the other in one piece of memory: what is kept of a request, as it is appended to a segment. */
export class RecordBlock {
  #memory = Buffer.allocUnsafeSlow(LEAST_MEMORY);
  #end = 0;

  /** Takes all records out. */
  clear(): void {
    if (this.#memory.length > LEAST_MEMORY) this.#memory = Buffer.allocUnsafeSlow(LEAST_MEMORY);
    this.#end = 0;
  }

  /** The records so far, as long as there are no others. */
  get bytes(): Buffer {
    return this.#memory.subarray(0, this.#end);
  }

  /** Their bytes. */
  get length(): number {
    return this.#end;
  }

  /** Adds a record. @param json the text of a JSON value, as `JSON.stringify` writes it. */
  add(kind: RecordKind, json: string, writtenAt: number): void {
    const payload = this.#roomFor(Buffer.byteLength(json));
    this.#seal(payload + this.#memory.write(json, payload, "utf8"), kind, writtenAt);
  }

  /** Adds a record whose payload lies in other memory. */
  copy(kind: RecordKind, from: Buffer, start: number, end: number, writtenAt: number): void {
    const payload = this.#roomFor(end - start);
    this.#seal(payload + from.copy(this.#memory, payload, start, end), kind, writtenAt);
  }

  /** Where the next payload begins, with room for so many bytes of it. */
  #roomFor(bytes: number): number {
    const payload = this.#end + PAYLOAD_AT;
    if (payload + bytes > this.#memory.length) {
      const memory = Buffer.allocUnsafeSlow(Math.max(payload + bytes, 2 * this.#memory.length));
      this.#memory.copy(memory, 0, 0, this.#end);
      this.#memory = memory;
    }
    return payload;
  }

  #seal(end: number, kind: RecordKind, writtenAt: number): void {
    sealRecord(this.#memory, this.#end, end, kind, writtenAt);
    this.#end = end;
  }
}
