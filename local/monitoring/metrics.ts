import { collectDefaultMetrics, Counter, Gauge, Histogram, Registry } from "prom-client";
import type { State } from "./state/state.ts";

/** What the emulator tells Prometheus about itself. */
export interface Metrics {
  /** Counts an answer and the time it took. */
  observe(status: number, seconds: number): void;
  text(): Promise<string>;
  readonly contentType: string;
}

const SERVICE = "monitoring";

/** Metrics of the emulator's requests, of what it holds and of its process. */
export function createMetrics(state: State): Metrics {
  const registry = new Registry();
  collectDefaultMetrics({ register: registry });
  const requests = new Counter({
    name: "http_server_requests_total",
    help: "Requests answered, by status code.",
    labelNames: ["service", "code"],
    registers: [registry],
  });
  requests.inc({ service: SERVICE, code: 200 }, 0);
  const duration = new Histogram({
    name: "http_server_request_duration_seconds",
    help: "Time from request to answer, in seconds.",
    labelNames: ["service"],
    registers: [registry],
  });
  new Gauge({
    name: "monitoring_emulator_resources",
    help: "Resources in all projects, by kind.",
    labelNames: ["kind"],
    registers: [registry],
    collect() {
      this.reset();
      for (const [kind, count] of Object.entries(state.counts())) this.set({ kind }, count);
    },
  });
  new Gauge({
    name: "monitoring_emulator_files_set_aside",
    help: "State files that could not be read at start.",
    registers: [registry],
  }).set(state.setAside.length);
  return {
    observe(status, seconds) {
      requests.inc({ service: SERVICE, code: status });
      duration.observe({ service: SERVICE }, seconds);
    },
    text: () => registry.metrics(),
    contentType: registry.contentType,
  };
}
