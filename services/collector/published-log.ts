import type { PostgresSink } from "./postgres-sink.ts";
import type { Sink } from "./sink.ts";

/** An event by its key and the time at which it came, which tells one sending of it from another. */
interface Sending {
  readonly source: string;
  readonly id: string;
  readonly receivedAt: string;
}

/**
 * Which of the lines just stored the log does not have: of people that were erased, of events deleted before, and what was
 * sent once more. LIMIT makes it a look at the index for each line.
 */
const NOT_IN_LOG =
  "SELECT line->>'source' AS source, line->>'id' AS id, line->>'receivedAt' AS \"receivedAt\" FROM incoming " +
  "WHERE (SELECT true FROM events.event WHERE source = line->>'source' AND id = line->>'id' " +
  "AND received_at = (line->>'receivedAt')::timestamptz LIMIT 1) IS NULL";

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
    const missing = await this.#log.storeAndAsk<Sending>(rows, NOT_IN_LOG);
    const kept = without(rows, missing);
    if (kept.length > 0) await this.#stream.store(kept);
  }
}

/** Mostly nothing is missing, and then nothing is parsed. */
function without(rows: readonly Buffer[], missing: readonly Sending[]): readonly Buffer[] {
  if (missing.length === 0) return rows;
  const keys = new Set(missing.map(keyOf));
  return rows.filter((row) => !keys.has(keyOf(JSON.parse(row.toString()) as Sending)));
}

function keyOf({ source, id, receivedAt }: Sending): string {
  return JSON.stringify([source, id, receivedAt]);
}
