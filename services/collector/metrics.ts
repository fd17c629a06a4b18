import { collectDefaultMetrics, Counter, Gauge, Histogram, Registry } from "prom-client";

import type { Outcome } from "./intake.ts";
import type { Spool } from "./spool.ts";

/** What can happen to an event: {@link Outcome}, or refused because it could not be kept or was one too many. */
const OUTCOMES = ["stored", "reduced", "bad", "refused"] as const;

/** Codes that are published at 0 from the start; others appear when they first happen. */
const CODES = [200, 204, 400, 401, 403, 404, 405, 413, 429, 503];

/** Name of this service in metrics. */
const SERVICE = "collector";

/** Arguments of {@link Metrics}. */
export interface MetricsArgs {
  readonly sources: readonly string[];
  readonly dialects: readonly string[];
  readonly spool: Pick<Spool, "bytes" | "maxBytes" | "freeBytes" | "oldestSeconds" | "syncs">;
}

/** The collector's metrics, in a registry of their own. */
export class Metrics {
  readonly #registry = new Registry();
  readonly #events: Counter;
  readonly #requests: Counter;
  readonly #durations: Histogram;

  constructor({ sources, dialects, spool }: MetricsArgs) {
    const registers = [this.#registry];
    collectDefaultMetrics({ register: this.#registry });
    this.#events = new Counter({
      name: "collector_events_total",
      help: "Events received, by what became of them.",
      labelNames: ["source", "dialect", "outcome"],
      registers,
    });
    this.#requests = new Counter({
      name: "http_server_requests_total",
      help: "HTTP requests answered.",
      labelNames: ["service", "code"],
      registers,
    });
    this.#durations = new Histogram({
      name: "http_server_request_duration_seconds",
      help: "Time from the body received to the answer ready.",
      labelNames: ["service"],
      buckets: [0.001, 0.0025, 0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 5, 10],
      registers,
    });
    // Their values are read when they are asked for.
    new Gauge({
      name: "collector_spool_bytes",
      help: "Bytes accepted and not drained yet.",
      registers,
      collect() {
        this.set(spool.bytes);
      },
    });
    new Gauge({
      name: "collector_spool_max_bytes",
      help: "Bytes that may wait to be drained; more is refused.",
      registers,
    }).set(spool.maxBytes);
    new Gauge({
      name: "collector_spool_volume_free_bytes",
      help: "Bytes that the file system under the spool has left.",
      registers,
      async collect() {
        this.set(await spool.freeBytes());
      },
    });
    new Gauge({
      name: "collector_spool_oldest_seconds",
      help: "Age of the oldest record not drained yet; 0 if all are.",
      registers,
      collect() {
        this.set(spool.oldestSeconds);
      },
    });
    new Gauge({
      name: "collector_spool_syncs",
      help: "Syncs of the spool since the start.",
      registers,
      collect() {
        this.set(spool.syncs);
      },
    });

    for (const source of sources) {
      for (const dialect of dialects) {
        for (const outcome of OUTCOMES) this.#events.inc({ source, dialect, outcome }, 0);
      }
    }
    for (const code of CODES) this.#requests.inc({ service: SERVICE, code }, 0);
    this.#durations.zero({ service: SERVICE });
  }

  /** Counts `count` events that met with the same outcome. */
  countEvents(source: string, dialect: string, outcome: Outcome | "refused", count: number): void {
    if (count > 0) this.#events.inc({ source, dialect, outcome }, count);
  }

  /** Counts a request. */
  countRequest(code: number, seconds: number): void {
    this.#requests.inc({ service: SERVICE, code }, 1);
    this.#durations.observe({ service: SERVICE }, seconds);
  }

  /** Everything in Prometheus' text format, and its content type. */
  async text(): Promise<{ contentType: string; body: string }> {
    return { contentType: this.#registry.contentType, body: await this.#registry.metrics() };
  }
}
