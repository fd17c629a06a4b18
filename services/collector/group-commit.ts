/**
 * Lets many callers share one write: what arrives while a write is under way goes into the next one.
 *
 * So the number of syncs follows the disk, not the requests.
 */
export class GroupCommit {
  readonly #write: (records: readonly Buffer[]) => Promise<void>;
  #waiting: { records: readonly Buffer[]; resolve(): void; reject(error: unknown): void }[] = [];
  #waitingBytes = 0;
  #writing: Promise<void> | undefined;

  /** @param write appends to stable storage; called once at a time. */
  constructor(write: (records: readonly Buffer[]) => Promise<void>) {
    this.#write = write;
  }

  /** Bytes handed over and not yet being written. */
  get waitingBytes(): number {
    return this.#waitingBytes;
  }

  /**
   * Returns when `records` are written, one after the other without a gap.
   *
   * @throws whatever the write of their group threw.
   */
  append(records: readonly Buffer[]): Promise<void> {
    return new Promise((resolve, reject) => {
      this.#waiting.push({ records, resolve, reject });
      for (const record of records) this.#waitingBytes += record.length;
      this.#writing ??= this.#run();
    });
  }

  /** Returns when nothing is waiting. */
  async settled(): Promise<void> {
    while (this.#writing) await this.#writing;
  }

  async #run(): Promise<void> {
    // Requests that came in with the same turn of the event loop join the first group.
    await new Promise((next) => setImmediate(next));
    while (this.#waiting.length > 0) {
      const group = this.#waiting;
      this.#waiting = [];
      this.#waitingBytes = 0;
      try {
        await this.#write(group.flatMap(({ records }) => records));
        for (const { resolve } of group) resolve();
      } catch (error) {
        for (const { reject } of group) reject(error);
      }
    }
    this.#writing = undefined;
  }
}
