import { mkdir, statfs } from "node:fs/promises";

import { GroupCommit } from "./group-commit.ts";
import { loadPosition, savePosition } from "./position-file.ts";
import type { Position } from "./position-file.ts";
import { encodeRecord, RECORD_KINDS, scanRecords } from "./record.ts";
import type { Found } from "./record.ts";
import {
  cutTornTail,
  listSegments,
  OpenSegment,
  readSegment,
  removeSegment,
} from "./segment-file.ts";

/** Options of {@link Spool.open}. */
export interface SpoolOptions {
  /** Folder of its own; created if it is not there. */
  readonly folder: string;

  /** Bytes that may wait to be drained; on disk there may be one segment more. */
  readonly maxBytes: number;

  /**
   * Bytes after which a new segment is begun.
   *
   * @default 16 MiB
   */
  readonly segmentBytes?: number;
}

/** What {@link Spool.read} returns. */
export interface SpoolBatch {
  readonly found: readonly Found[];
  /** Bytes behind them that were accepted and are not on the disk any more. */
  readonly lostBytes: number;
  /** Position behind them, for {@link Spool.advance}. */
  readonly end: Position;
  /** Whether something waits behind them. */
  readonly hasMore: boolean;
}

/** The spool takes nothing more for now; nothing of what was given is kept. */
export class SpoolUnavailable extends Error {}

/** Records waiting in memory for the disk, in bytes, beyond which the spool refuses more. */
const MAX_WAITING_BYTES = 32 * 1024 * 1024;

/**
 * A queue on disk: a folder of append-only segments with checksums.
 *
 * What `append` has accepted survives SIGKILL and power failure until `advance` has passed it. One process per
 * folder.
 */
export class Spool {
  readonly #folder: string;
  readonly #maxBytes: number;
  readonly #segmentBytes: number;
  /** Sizes of the segments that are complete, by number, oldest first. */
  readonly #sealed: Map<number, number>;
  readonly #commit = new GroupCommit((bytes) => this.#write(bytes));
  #open: OpenSegment | undefined;
  #lastNumber: number;
  /** All before it is drained; its segment may be gone, see `#start`. */
  #position: Position;
  #failure: string | undefined;
  #oldestWrittenAt: number | undefined;
  /** When the first record of what was read last was written. */
  #readWrittenAt: number | undefined;
  /** A segment begun before is sealed, by the clock of `performance`. */
  #sealBefore = -Infinity;
  #wake: () => void = () => undefined;

  /** Syncs so far: the price of what was accepted. */
  syncs = 0;

  private constructor(
    options: SpoolOptions,
    sealed: Map<number, number>,
    position: Position,
    lastNumber: number,
  ) {
    this.#folder = options.folder;
    this.#maxBytes = options.maxBytes;
    this.#segmentBytes = options.segmentBytes ?? 16 * 1024 * 1024;
    this.#sealed = sealed;
    this.#position = position;
    this.#lastNumber = Math.max(position.segment, lastNumber);
    if (this.bytes > 0) this.#oldestWrittenAt = Date.now();
  }

  /** Opens the spool in a folder, as whatever end left it: cuts a torn tail, removes what is drained. */
  static async open(options: SpoolOptions): Promise<Spool> {
    await mkdir(options.folder, { recursive: true, mode: 0o700 });
    const saved = await loadPosition(options.folder);
    const segments = await listSegments(options.folder);
    const last = segments.at(-1)?.number;

    const sealed = new Map<number, number>();
    for (const { number, bytes } of segments) {
      const whole = number === last ? await cutTornTail(options.folder, number) : bytes;
      const drained = number === saved?.segment ? saved.offset : 0;
      if (drained >= whole) await removeSegment(options.folder, number);
      else sealed.set(number, whole);
    }
    return new Spool(options, sealed, saved ?? { segment: 0, offset: 0 }, last ?? 0);
  }

  /**
   * Returns when `records` (of `encodeRecord`) are on stable storage. Their memory is free once the call has returned.
   *
   * @throws SpoolUnavailable if they are not: too much is waiting, or the disk refuses. Try again later.
   */
  append(records: readonly Buffer[]): Promise<void> {
    const full = this.#fullness();
    return full === undefined
      ? this.#commit.append(records)
      : Promise.reject(new SpoolUnavailable(full));
  }

  /** Why the spool takes nothing, after trying; undefined if it does. */
  async problem(): Promise<string | undefined> {
    const full = this.#fullness();
    if (full !== undefined) return full;
    if (this.#failure === undefined) return undefined;
    try {
      await this.append([encodeRecord(RECORD_KINDS.probe, "", Date.now())]);
      return undefined;
    } catch (error) {
      return (error as Error).message;
    }
  }

  /** Bytes that may wait to be drained. */
  get maxBytes(): number {
    return this.#maxBytes;
  }

  /** Bytes that the file system under the folder has left for this process. */
  async freeBytes(): Promise<number> {
    const { bavail, bsize } = await statfs(this.#folder);
    return bavail * bsize;
  }

  /** Bytes accepted and not drained yet. */
  get bytes(): number {
    let bytes = this.#open?.bytes ?? 0;
    for (const size of this.#sealed.values()) bytes += size;
    return bytes === 0 ? 0 : bytes - this.#start().offset;
  }

  /** Age of the oldest record not drained yet, in seconds; 0 if all are. */
  get oldestSeconds(): number {
    const since = this.#oldestWrittenAt;
    return since === undefined ? 0 : Math.max(0, (Date.now() - since) / 1000);
  }

  /**
   * The oldest records not drained yet, about `maxBytes` of them and at least one; none if all are drained.
   *
   * @param after end of a batch that is not drained yet: those behind it. @default - the oldest
   */
  async read(maxBytes: number, maxRecords: number, after?: Position): Promise<SpoolBatch> {
    const start = after === undefined ? this.#start() : this.#behind(after);
    const { segment, offset } = start;
    const size = this.#sizeOf(segment) ?? 0;
    let found: Found[] = [];
    let end = offset;
    let lostBytes = 0;
    if (size <= offset) return { found, lostBytes, end: start, hasMore: false };
    for (const to of [Math.min(size, offset + maxBytes), size]) {
      const bytes = await readSegment(this.#folder, segment, offset, to);
      found = wholeRecords(bytes, maxRecords, to < size);
      end = offset + (found.at(-1)?.end ?? 0);
      // Shorter than it was, or not there: cut or removed by somebody else. What is gone cannot be drained.
      if (bytes.length < to - offset && end === offset + bytes.length) {
        lostBytes = size - end;
        end = size;
        // Nor could what would be written to the same file.
        if (segment === this.#open?.number) this.#sealBefore = performance.now();
      }
      if (end > offset) break;
    }
    const [first] = found;
    if (first && first.kind !== "corrupt") {
      this.#readWrittenAt = first.writtenAt;
      const oldest = this.#start();
      if (oldest.segment === segment && oldest.offset === offset) {
        this.#oldestWrittenAt = first.writtenAt;
      }
    }
    const position = { segment, offset: end };
    return { found, lostBytes, end: position, hasMore: this.#hasAny(this.#behind(position)) };
  }

  /** Marks all before `position`, the end of a batch that was read, as drained. */
  async advance(position: Position): Promise<void> {
    this.#position = position;
    if (position.offset >= (this.#sealed.get(position.segment) ?? Infinity)) {
      this.#sealed.delete(position.segment);
      await removeSegment(this.#folder, position.segment);
    }
    if (this.bytes === 0) this.#oldestWrittenAt = this.#readWrittenAt = undefined;
    // Of a corrupt stretch no time is known: then the one before it counts.
    else this.#oldestWrittenAt = this.#readWrittenAt ?? this.#oldestWrittenAt;
    // On a full disk this fails while the removal above makes room; an old position is harmless.
    await savePosition(this.#folder, this.#position).catch(() => undefined);
  }

  /** Returns when there is something to read, or at once if there is. Ends with `signal`. */
  async readable(signal: AbortSignal): Promise<void> {
    if (this.bytes > 0 || signal.aborted) return;
    await new Promise<void>((resolve) => {
      this.#wake = () => {
        signal.removeEventListener("abort", this.#wake);
        resolve();
      };
      signal.addEventListener("abort", this.#wake);
    });
  }

  /**
   * Ends the segment that is written to if it was begun `seconds` ago or longer: what of it is drained goes from the disk
   * with the segment, else only when the segment is full.
   */
  async sealOlderThan(seconds: number): Promise<void> {
    this.#sealBefore = Math.max(this.#sealBefore, performance.now() - seconds * 1000);
    // With the writes, which it must not meet.
    if (this.#isOld()) await this.#commit.append([]);
  }

  /** Returns when all that was given is written or refused, and the files are closed. */
  async close(): Promise<void> {
    await this.#commit.settled();
    await this.#seal();
  }

  #fullness(): string | undefined {
    if (this.bytes >= this.#maxBytes) {
      return `${this.bytes} bytes wait to be drained, the most allowed are ${this.#maxBytes}`;
    }
    if (this.#commit.waitingBytes >= MAX_WAITING_BYTES) {
      return `the disk is too slow: ${this.#commit.waitingBytes} bytes wait for it`;
    }
    return undefined;
  }

  #isOld(): boolean {
    return this.#open !== undefined && this.#open.begunAt <= this.#sealBefore;
  }

  async #write(bytes: Buffer): Promise<void> {
    try {
      if (this.#isOld() || (this.#open && this.#open.bytes >= this.#segmentBytes)) {
        await this.#seal();
      }
      if (bytes.length === 0) return;
      this.#open ??= await OpenSegment.create(this.#folder, ++this.#lastNumber);
      await this.#open.append(bytes);
      this.syncs += 1;
    } catch (error) {
      this.#failure = `the spool cannot be written: ${(error as Error).message}`;
      // What it says of the segment is done before anything of it can fail.
      await this.#seal().catch(() => undefined);
      throw new SpoolUnavailable(this.#failure, { cause: error });
    }
    this.#failure = undefined;
    this.#oldestWrittenAt ??= Date.now();
    this.#wake();
  }

  /** Ends the open segment; removes it if nothing in it waits to be drained. */
  async #seal(): Promise<void> {
    const segment = this.#open;
    if (segment === undefined) return;
    const drained = this.#position.segment === segment.number ? this.#position.offset : 0;
    const waits = segment.bytes > drained;
    if (waits) this.#sealed.set(segment.number, segment.bytes);
    this.#open = undefined;
    await segment.close();
    if (!waits) await removeSegment(this.#folder, segment.number);
  }

  /** Where the oldest record not drained is: the position, or the oldest segment if that is another. */
  #start(): Position {
    const oldest = this.#sealed.keys().next().value ?? this.#open?.number;
    return oldest === undefined || oldest === this.#position.segment
      ? this.#position
      : { segment: oldest, offset: 0 };
  }

  /** The position itself, or the beginning of the next segment where nothing lies behind it in its own. */
  #behind(position: Position): Position {
    if (this.#hasAny(position)) return position;
    for (const number of [...this.#sealed.keys(), this.#open?.number ?? -1]) {
      if (number > position.segment) return { segment: number, offset: 0 };
    }
    return position;
  }

  /** Whether something lies behind a position in its segment. */
  #hasAny({ segment, offset }: Position): boolean {
    return (this.#sizeOf(segment) ?? 0) > offset;
  }

  #sizeOf(segment: number): number | undefined {
    return this.#open?.number === segment ? this.#open.bytes : this.#sealed.get(segment);
  }
}

/** The first records in `bytes`; what comes at a break in them is left out if `more` bytes could mend it. */
function wholeRecords(bytes: Buffer, maxRecords: number, more: boolean): Found[] {
  const found: Found[] = [];
  for (const one of scanRecords(bytes)) {
    if (found.length === maxRecords || (more && one.kind === "corrupt")) break;
    found.push(one);
  }
  return found;
}
