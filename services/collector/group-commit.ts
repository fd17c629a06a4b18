/** Memory that a group is gathered in at first, and that is kept however little comes, in bytes. */
const LEAST_MEMORY = 256 * 1024;

/** What arrives while a write is under way. */
interface Group {
  /** Ends with the write; all who wait for it wait for the same. */
  readonly written: Promise<void>;
  resolve(): void;
  reject(error: unknown): void;
}

/**
 * Lets many callers share one write: what arrives while a write is under way goes into the next one.
 *
 * So the number of syncs follows the disk, not the requests.
 */
export class GroupCommit {
  readonly #write: (bytes: Buffer) => Promise<void>;
  #next: Group | undefined;
  /** Where the next group is gathered, and how much of it there is. */
  #memory = Buffer.allocUnsafeSlow(LEAST_MEMORY);
  #length = 0;
  /** Where the one after it will be. */
  #spare = Buffer.allocUnsafeSlow(LEAST_MEMORY);
  #running: Promise<void> | undefined;

  /** @param write appends to stable storage; called once at a time. */
  constructor(write: (bytes: Buffer) => Promise<void>) {
    this.#write = write;
  }

  /** Bytes handed over and not yet being written. */
  get waitingBytes(): number {
    return this.#length;
  }

  /**
   * Returns when `records` are written, one after the other without a gap. They are copied: their memory is free once the
   * call has returned.
   *
   * @throws whatever the write of their group threw.
   */
  append(records: readonly Buffer[]): Promise<void> {
    for (const record of records) this.#add(record);
    this.#next ??= group();
    this.#running ??= this.#run();
    return this.#next.written;
  }

  /** Returns when nothing is waiting. */
  async settled(): Promise<void> {
    while (this.#running) await this.#running;
  }

  #add(record: Buffer): void {
    const end = this.#length + record.length;
    if (end > this.#memory.length) {
      const larger = Buffer.allocUnsafeSlow(Math.max(end, 2 * this.#memory.length));
      this.#memory.copy(larger, 0, 0, this.#length);
      this.#memory = larger;
    }
    record.copy(this.#memory, this.#length);
    this.#length = end;
  }

  async #run(): Promise<void> {
    // Requests that came in with the same turn of the event loop join the first group.
    await new Promise((next) => setImmediate(next));
    for (let now = this.#next; now !== undefined; now = this.#next) {
      const [memory, length] = [this.#memory, this.#length];
      this.#next = undefined;
      this.#memory = this.#spare;
      this.#length = 0;
      try {
        await this.#write(memory.subarray(0, length));
        now.resolve();
      } catch (error) {
        now.reject(error);
      }
      this.#spare = kept(memory, length);
    }
    this.#running = undefined;
  }
}

function group(): Group {
  let [resolve, reject]: [() => void, (error: unknown) => void] = [
    () => undefined,
    () => undefined,
  ];
  const written = new Promise<void>((onWritten, onError) => {
    [resolve, reject] = [onWritten, onError];
  });
  return { written, resolve, reject };
}

/** What memory of a group is kept for another one: less, where it took only a little of it. */
function kept(memory: Buffer<ArrayBuffer>, length: number): Buffer<ArrayBuffer> {
  const isTooLarge = memory.length > LEAST_MEMORY && length < memory.length / 4;
  return isTooLarge ? Buffer.allocUnsafeSlow(memory.length / 2) : memory;
}
