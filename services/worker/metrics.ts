import { Counter, Gauge, Histogram, Registry, collectDefaultMetrics } from "prom-client";
import type { QueueState } from "./queue.ts";
import { queueNames } from "./queues.ts";

/** What the worker counts. */
export interface Metrics {
  readonly registry: Registry;
  /** A finished HTTP request. */
  request(status: number, seconds: number): void;
  /** A publication that is new in the ledger, or one that could not be taken from the CMS. */
  published(result: "ok" | "error"): void;
  /** A webhook of the CMS, and how long it took to come, in seconds. */
  delivered(lagSeconds: number): void;
}

/** The worker's metrics, by the names that the alert catalogue knows; counters start at 0. */
export function createMetrics(states: () => Promise<QueueState[]>): Metrics {
  const registry = new Registry();
  registry.setDefaultLabels({ service: "worker" });
  collectDefaultMetrics({ register: registry });
  const requests = new Counter({
    name: "http_server_requests_total",
    help: "HTTP requests answered.",
    labelNames: ["code"],
    registers: [registry],
  });
  const durations = new Histogram({
    name: "http_server_request_duration_seconds",
    help: "Time to answer an HTTP request.",
    buckets: [0.001, 0.005, 0.01, 0.05, 0.1, 0.5, 1, 5, 10],
    registers: [registry],
  });
  const publications = new Counter({
    name: "cms_publish_total",
    help: "Publications recorded in the ledger (ok), or told by the CMS and not taken (error).",
    labelNames: ["site", "result"],
    registers: [registry],
  });
  const lag = new Histogram({
    name: "cms_webhook_delivery_lag_seconds",
    help: "From a publication to its webhook.",
    buckets: [0.1, 0.5, 1, 5, 15, 60, 300],
    registers: [registry],
  });
  const violations = new Counter({
    name: "consent_violations_total",
    help: "Data about a person that went, or was about to go, where the person has not consented to.",
    labelNames: ["destination"],
    registers: [registry],
  });
  const oldest = new Gauge({
    name: "queue_oldest_message_age_seconds",
    help: "How long the oldest job has waited to be done.",
    labelNames: ["queue"],
    registers: [registry],
    async collect() {
      for (const state of await current()) oldest.set({ queue: state.name }, state.oldestSeconds);
    },
  });
  const dead = new Gauge({
    name: "queue_dead_letter_messages",
    help: "Jobs that were given up.",
    labelNames: ["queue"],
    registers: [registry],
    async collect() {
      for (const state of await current()) dead.set({ queue: state.name }, state.deadLetters);
    },
  });
  // While PostgreSQL is away the last known ages stay; readiness and WorkerDown tell of that.
  const current = (): Promise<QueueState[]> => states().catch(() => []);

  for (const code of ["202", "401", "503"]) requests.inc({ code }, 0);
  for (const result of ["ok", "error"]) publications.inc({ site: "default", result }, 0);
  for (const queue of queueNames) {
    oldest.set({ queue }, 0);
    dead.set({ queue }, 0);
  }
  violations.inc({ destination: "chat" }, 0);
  return {
    registry,
    request(status, seconds) {
      requests.inc({ code: String(status) });
      durations.observe(seconds);
    },
    published: (result) => publications.inc({ site: "default", result }),
    delivered(lagSeconds) {
      if (lagSeconds >= 0) lag.observe(lagSeconds);
    },
  };
}
