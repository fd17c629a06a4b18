import { randomUUID } from "node:crypto";
import { Agent, request } from "node:http";
import { Agent as TlsAgent, request as tlsRequest } from "node:https";
import { setTimeout as delay } from "node:timers/promises";

/** What to send; requests begin when they are due, however slowly those before are answered. */
export interface Load {
  /** Address of the collector. */
  readonly url: string;
  readonly writeKey: string;
  readonly eventsPerSecond: number;
  readonly seconds: number;
  /** Events a request. */
  readonly batch: number;
  /** Requests under way at a time; what is due beyond them waits, and that counts. */
  readonly connections: number;
}

/** How it was answered. */
export interface LoadReport {
  readonly sent: number;
  /** Events acknowledged, a second. */
  readonly eventsPerSecond: number;
  readonly acknowledged: number;
  /** Requests that failed, by status or error. */
  readonly failed: Readonly<Record<string, number>>;
  /** From when a request was due until its answer, in milliseconds. */
  readonly latencyMs: { readonly p50: number; readonly p95: number; readonly p99: number };
}

/** Sends what Segment's SDK would, and measures the answers. */
export async function runLoad(load: Load): Promise<LoadReport> {
  const agent = new (load.url.startsWith("https:") ? TlsAgent : Agent)({
    keepAlive: true,
    maxSockets: load.connections,
  });
  const every = (1000 * load.batch) / load.eventsPerSecond;
  const requests = Math.max(1, Math.round((load.seconds * 1000) / every));
  const failed: Record<string, number> = {};
  const latencies: number[] = [];
  const begun = performance.now();
  const pending: Promise<void>[] = [];
  for (let index = 0; index < requests; index += 1) {
    const due = begun + index * every;
    const early = due - performance.now();
    if (early > 0) await delay(early);
    pending.push(
      post(load, agent).then(
        (status) => {
          latencies.push(performance.now() - due);
          if (status !== 200) failed[status] = (failed[status] ?? 0) + 1;
        },
        (error: NodeJS.ErrnoException) => {
          const code = error.code ?? error.message;
          failed[code] = (failed[code] ?? 0) + 1;
        },
      ),
    );
  }
  await Promise.all(pending);
  agent.destroy();
  const failures = Object.values(failed).reduce((sum, count) => sum + count, 0);
  const acknowledged = (requests - failures) * load.batch;
  const seconds = (performance.now() - begun) / 1000;
  latencies.sort((a, b) => a - b);
  const percentile = (share: number): number =>
    Math.round((latencies[Math.floor(share * (latencies.length - 1))] ?? 0) * 10) / 10;
  return {
    sent: requests * load.batch,
    acknowledged,
    eventsPerSecond: Math.round(acknowledged / seconds),
    failed,
    latencyMs: { p50: percentile(0.5), p95: percentile(0.95), p99: percentile(0.99) },
  };
}

function post({ url, writeKey, batch }: Load, agent: Agent): Promise<number> {
  const body = JSON.stringify({
    batch: Array.from({ length: batch }, () => ({
      type: "track",
      event: "Load Test",
      messageId: randomUUID(),
      anonymousId: "load-test",
      timestamp: new Date().toISOString(),
      properties: { revenue: 25.5, currency: "EUR", products: [{ sku: "45790-32", price: 19 }] },
      context: { consent: { categoryPreferences: { analytics: true } }, locale: "en-US" },
    })),
  });
  const send = url.startsWith("https:") ? tlsRequest : request;
  return new Promise((resolve, reject) => {
    const sent = send(
      new URL("/v1/batch", url),
      {
        method: "POST",
        agent,
        auth: `${writeKey}:`,
        headers: { "content-type": "application/json", "content-length": Buffer.byteLength(body) },
      },
      (answer) => {
        answer.on("error", reject).on("end", () => resolve(answer.statusCode ?? 0));
        answer.resume();
      },
    );
    sent.on("error", reject).end(body);
  });
}
