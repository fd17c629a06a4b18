import type { PostgresSink } from "./postgres-sink.ts";
import type { Sink } from "./sink.ts";

/** Number of a row of those that are asked about, from 0. */
interface Missing {
  readonly number: number;
}

/**
 * Which rows the log does not have: of people that were erased, of events deleted before, and what was sent once more, which
 * the time at which it came tells from the first sending. LIMIT makes it a look at the index for each row.
 */
const NOT_IN_LOG = `
  SELECT number::integer - 1 AS number FROM unnest($1::jsonb[]) WITH ORDINALITY AS given (line, number)
  WHERE (SELECT true FROM events.event WHERE source = line->>'source' AND id = line->>'id'
    AND received_at = (line->>'receivedAt')::timestamptz LIMIT 1) IS NULL`;

/**
 * The event log, and a stream of what it keeps: an event is stored once both have it.
 *
 * The log is first, because it decides: what it does not keep is not published, so a person who was erased and an event
 * that was sent twice are not in the stream either. A crash between the two publishes the same events again.
 */
export class PublishedLog implements Sink {
  readonly maxBytes: number;
  readonly #log: PostgresSink;
  readonly #stream: Sink;

  /** @param log stores into `events.event`. */
  constructor(log: PostgresSink, stream: Sink) {
    this.#log = log;
    this.#stream = stream;
    this.maxBytes = Math.min(log.maxBytes, stream.maxBytes);
  }

  isHealthy(): boolean {
    return this.#log.isHealthy() && this.#stream.isHealthy();
  }

  async store(rows: readonly Buffer[]): Promise<void> {
    const store = await this.prepare(rows);
    await store();
  }

  async prepare(rows: readonly Buffer[]): Promise<() => Promise<void>> {
    const store = await this.#log.prepare(rows);
    return async () => {
      const missing = await this.#missing(await store());
      const kept = rows.filter((row) => !missing.has(row));
      if (kept.length > 0) await this.#stream.store(kept);
    };
  }

  async #missing(rows: readonly Buffer[]): Promise<ReadonlySet<Buffer>> {
    if (rows.length === 0) return new Set();
    const missing = await this.#log.ask<Missing>(rows, NOT_IN_LOG);
    return new Set(missing.map(({ number }) => rows[number]!));
  }
}
