import client from "prom-client";

const SERVICE = "cms";

/** What the CMS measures, and the page that Prometheus scrapes. */
export interface Metrics {
  /** One answered request; `code` 499 if the caller left before the answer was complete. */
  answered(code: number, seconds: number): void;

  /** Content type of {@link render}'s text. */
  readonly contentType: string;

  /** All metrics as Prometheus text. */
  render(): Promise<string>;
}

/**
 * @param overdueSeconds how late the most overdue scheduled publication is, in seconds; 0 if none is; read
 *   at every scrape, the last value stays if it fails.
 */
export function createMetrics(overdueSeconds: () => Promise<number>): Metrics {
  const register = new client.Registry();
  client.collectDefaultMetrics({ register });

  const requests = new client.Counter({
    name: "http_server_requests_total",
    help: "Answered requests, without probes and scrapes.",
    labelNames: ["service", "code"],
    registers: [register],
  });
  // A rate of errors needs a beginning: the codes that alerts and dashboards divide by exist from the start.
  for (const code of ["200", "500"]) requests.inc({ service: SERVICE, code }, 0);

  const duration = new client.Histogram({
    name: "http_server_request_duration_seconds",
    help: "Time from a request's head to the end of its answer.",
    labelNames: ["service"],
    buckets: [0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 5, 10],
    registers: [register],
  });
  duration.zero({ service: SERVICE });

  new client.Gauge({
    name: "cms_scheduled_publish_overdue_seconds",
    help: "How late the most overdue scheduled publication is; 0 if none is.",
    registers: [register],
    async collect() {
      await overdueSeconds().then(
        (seconds) => this.set(seconds),
        () => undefined,
      );
    },
  });

  return {
    answered(code, seconds) {
      requests.inc({ service: SERVICE, code: String(code) });
      duration.observe({ service: SERVICE }, seconds);
    },
    contentType: register.contentType,
    render: () => register.metrics(),
  };
}
