import { PubSub } from "@google-cloud/pubsub";
import type { Topic } from "@google-cloud/pubsub";

import { UnstorableRows } from "./sink.ts";
import type { Sink } from "./sink.ts";

/** What Pub/Sub takes as one request, in bytes and messages; a message is not larger either. Some bytes are its envelope's. */
const MAX_REQUEST_BYTES = 9 * 1024 * 1024;
const MAX_REQUEST_MESSAGES = 1_000;

/** How long the client itself repeats a request that may work later, in milliseconds; then whoever called `store` decides. */
const RETRY_FOR_MS = 30_000;

/**
 * Publishes events to a topic of Pub/Sub: a message each, its data the event's JSON, its attributes `source` and `id`, the
 * key by which readers know a message that comes twice.
 *
 * Messages have no ordering key, which would hold each key to 1 MB/s: readers order by the times in the event.
 */
export class PubSubSink implements Sink {
  readonly maxBytes = 4 * 1024 * 1024;
  readonly #client: PubSub;
  readonly #topic: Topic;
  #healthy = true;

  /** @param topic its full name, `projects/<project>/topics/<topic>`. */
  constructor(topic: string) {
    this.#client = new PubSub({ projectId: topic.split("/")[1]! });
    this.#topic = this.#client.topic(topic, {
      batching: { maxBytes: MAX_REQUEST_BYTES, maxMessages: MAX_REQUEST_MESSAGES },
      gaxOpts: {
        retry: {
          backoffSettings: {
            initialRetryDelayMillis: 100,
            retryDelayMultiplier: 2,
            maxRetryDelayMillis: 5_000,
            initialRpcTimeoutMillis: 10_000,
            rpcTimeoutMultiplier: 1,
            maxRpcTimeoutMillis: 10_000,
            totalTimeoutMillis: RETRY_FOR_MS,
          },
        },
      },
    });
  }

  isHealthy(): boolean {
    return this.#healthy;
  }

  async store(rows: readonly Buffer[]): Promise<void> {
    const largest = Math.max(...rows.map(({ length }) => length));
    if (largest > MAX_REQUEST_BYTES) {
      throw new UnstorableRows(
        `an event must be at most ${MAX_REQUEST_BYTES} bytes for Pub/Sub, got ${largest}`,
      );
    }
    // All are waited for, so that what is under way never adds up over tries.
    const results = await Promise.allSettled(rows.map((data) => this.#publish(data)));
    const failure = results.find((result) => result.status === "rejected");
    this.#healthy = failure === undefined;
    if (failure !== undefined) throw failure.reason;
  }

  /** Ends its connections. */
  async close(): Promise<void> {
    await this.#client.close();
  }

  async #publish(data: Buffer): Promise<void> {
    const { source, id } = JSON.parse(data.toString()) as { source: string; id: string };
    await this.#topic.publishMessage({ data, attributes: { source, id } });
  }
}
