/** Where drained rows go: one for events, one for bad rows. */
export interface Sink {
  /** Bytes of rows that one `store` should carry at most. A single row may be larger. */
  readonly maxBytes: number;

  /** Whether the last `store` reached it. */
  isHealthy(): boolean;

  /**
   * Stores all of `rows`, each once however often it is given, or none of them.
   *
   * @param rows one JSON value each, in UTF-8 without raw control characters.
   * @throws UnstorableRows if one of them can never be stored; any other Error if it may work later.
   */
  store(rows: readonly Buffer[]): Promise<void>;

  /**
   * Does what of storing rows needs nobody else; returns what does the rest, as `store` would, and may be called once.
   *
   * @default - there is no such work
   */
  prepare?(rows: readonly Buffer[]): Promise<() => Promise<unknown>>;
}

/** At least one of the rows can never be stored; the message says why. */
export class UnstorableRows extends Error {}
