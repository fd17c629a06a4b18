import type { RecordBlock } from "../record-block.ts";
import { RECORD_KINDS } from "../record.ts";
import { COMPILED } from "./compiled.ts";

/** What `assembly/` exports: addresses in its memory, and numbers. */
interface Scanner {
  readonly memory: { readonly buffer: ArrayBuffer };
  readonly envelope: { readonly value: number };
  reserve(length: number): number;
  readBatch(): number;
  readSingle(type: number): number;
  rowOf(event: number): number;
  setHead(length: number): number;
  setReceivedAt(length: number): number;
  payloadAt(): number;
  writePayload(event: number, fields: number): number;
}

/** Of every JavaScript; TypeScript has its types with those of browsers. */
declare const WebAssembly: {
  readonly Module: new (bytes: Buffer) => object;
  readonly Instance: new (module: object) => { readonly exports: unknown };
};

const scanner = new WebAssembly.Instance(new WebAssembly.Module(Buffer.from(COMPILED, "base64")))
  .exports as Scanner;

/** Types of events by their number in a row. */
const TYPES = ["track", "page", "screen", "identify", "group"] as const;
type WrittenType = (typeof TYPES)[number];

/** Words of a row by what is in them, and how many words lie between two rows. */
const [START, END, TYPE, CONTEXT_NUMBER, CONSENT, SENT_AT] = [0, 1, 2, 3, 4, 6];
const [OCCURRED_AT, ANONYMOUS_ID, USER_ID] = [12, 14, 16];
const ROWS = scanner.rowOf(0) / 4;
const ROW_WORDS = scanner.rowOf(1) / 4 - ROWS;

/** The scanner's memory, which is another one when it has grown. */
let bytes = Buffer.alloc(0);
let words = new Int32Array();

function look(): void {
  const { buffer } = scanner.memory;
  if (bytes.buffer === buffer) return;
  bytes = Buffer.from(buffer);
  words = new Int32Array(buffer);
}

/** What the scanner has: head and time of the event written last, and rows of the last of so many bodies. */
let headThere: Buffer | undefined;
let receivedAtThere: Buffer | undefined;
let bodies = 0;

/**
 * The events of a body, as far as they can be kept in the words of their sender. What they say of an event holds only until the
 * next body is read; then all must be parsed.
 */
export class WrittenEvents {
  /** How many there are, those that must be parsed among them. */
  readonly count: number;
  /** JSON of the write key beside the events, and of when they were sent; undefined if it is not there. */
  readonly writeKey: string | undefined;
  readonly sentAt: string | undefined;
  /** In which they are. */
  readonly body: Buffer;
  /** Its number. */
  readonly #number = bodies;

  private constructor(body: Buffer, count: number) {
    look();
    this.body = body;
    this.count = count;
    const envelope = scanner.envelope.value / 4;
    this.writeKey = this.#json(envelope);
    this.sentAt = this.#json(envelope + 2);
  }

  /** Reads a batch of Segment's HTTP API; undefined if it must be parsed. @param body in UTF-8. */
  static ofBatch(body: Buffer): WrittenEvents | undefined {
    giveBody(body);
    const count = scanner.readBatch();
    return count < 0 ? undefined : new WrittenEvents(body, count);
  }

  /** Reads a single event of it in the same way. @param type what the path says. */
  static ofSingle(body: Buffer, type: WrittenType): WrittenEvents | undefined {
    giveBody(body);
    return scanner.readSingle(TYPES.indexOf(type)) ? new WrittenEvents(body, 1) : undefined;
  }

  /** Offset of an event in the body. */
  start(event: number): number {
    return words[rowOf(event) + START]!;
  }

  /** Offset behind it. */
  end(event: number): number {
    return words[rowOf(event) + END]!;
  }

  /** Whether an event can be kept so; what follows is said of no other. */
  isWritten(event: number): boolean {
    return this.#number === bodies && words[rowOf(event) + TYPE]! >= 0;
  }

  type(event: number): WrittenType {
    return TYPES[words[rowOf(event) + TYPE]!]!;
  }

  /** JSON of when an event was sent, if it has a time by that clock. */
  sentAtOf(event: number): string | undefined {
    return this.#json(rowOf(event) + SENT_AT);
  }

  /** Says of which context an event's consent is: those of equal texts have the same number. Undefined if it has none. */
  consentNumber(event: number): number | undefined {
    const row = rowOf(event);
    return words[row + CONSENT]! < 0 ? undefined : words[row + CONTEXT_NUMBER];
  }

  /** JSON of its consent. */
  consent(event: number): string {
    return this.#json(rowOf(event) + CONSENT)!;
  }

  /** When it happened, whose it is; undefined if it does not say. */
  occurredAt(event: number): string | undefined {
    return this.#text(rowOf(event) + OCCURRED_AT);
  }

  anonymousId(event: number): string | undefined {
    return this.#text(rowOf(event) + ANONYMOUS_ID);
  }

  userId(event: number): string | undefined {
    return this.#text(rowOf(event) + USER_ID);
  }

  /**
   * Adds the record of an event.
   *
   * @param head what it begins with, up to `"receivedAt":`.
   * @param fields how many of the scanner's `Field`s it has.
   * @param receivedAt JSON of when it came.
   * @param at the same in milliseconds since 1970.
   */
  add(
    block: RecordBlock,
    event: number,
    head: Buffer,
    fields: number,
    receivedAt: Buffer,
    at: number,
  ): void {
    if (headThere !== head) {
      give(head, scanner.setHead(head.length));
      headThere = head;
    }
    if (receivedAtThere !== receivedAt) {
      give(receivedAt, scanner.setReceivedAt(receivedAt.length));
      receivedAtThere = receivedAt;
    }
    const length = scanner.writePayload(event, fields);
    look();
    const start = scanner.payloadAt();
    block.copy(RECORD_KINDS.event, bytes, start, start + length, at);
  }

  #text(word: number): string | undefined {
    const json = this.#json(word);
    return json === undefined ? undefined : (JSON.parse(json) as string);
  }

  /** What a span of the scanner shows. */
  #json(word: number): string | undefined {
    const start = words[word]!;
    return start < 0 ? undefined : this.body.toString("utf8", start, words[word + 1]);
  }
}

function giveBody(body: Buffer): void {
  bodies += 1;
  give(body, scanner.reserve(body.length));
}

function give(text: Buffer, address: number): void {
  if (address === 0) throw new Error(`it must fit into the scanner, got ${text.length} bytes`);
  look();
  text.copy(bytes, address);
}

function rowOf(event: number): number {
  return ROWS + event * ROW_WORDS;
}
