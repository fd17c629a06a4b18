import { randomUUID } from "node:crypto";
import { Hono, type Context } from "hono";
import { bodyLimit } from "hono/body-limit";
import type { Logger } from "pino";
import { isSameText } from "../contract/same-text.ts";
import type { Metrics } from "./metrics.ts";
import type { Publication } from "./publication.ts";
import { readWebhook } from "./webhook.ts";

/** Largest webhook body, in bytes: an entry with all its relations. */
const MOST_BYTES = 5 * 2 ** 20;

/** The longest part of a path that an answer repeats, in characters. */
const MOST_PATH = 256;

/** Paths of probes and scrapes, which are no callers: beside few of those they would hide errors, or be some. */
const OWN_PATHS = new Set(["/healthz/live", "/healthz/ready", "/metrics"]);

/** Every code that an error answer can carry, with its status. */
const ERRORS = {
  bad_request: 400,
  unauthorized: 401,
  not_found: 404,
  too_large: 413,
  internal: 500,
  unavailable: 503,
} as const;

/** What the routes need. */
export interface AppOptions {
  /** What the CMS's webhook may bring, at least one. */
  readonly webhookTokens: readonly string[];
  /** Enqueues durably, or throws while that cannot be done. */
  readonly recordPublication: (publication: Publication) => Promise<void>;
  /** Why the worker is not ready; undefined if it is. */
  readonly notReady: () => Promise<string | undefined>;
  readonly metrics: Metrics;
  readonly log: Logger;
}

/** The worker's routes. */
export function createApp(options: AppOptions): Hono {
  const { metrics, log, webhookTokens } = options;
  const app = new Hono();

  app.use(async (context, next) => {
    const begun = performance.now();
    await next();
    if (OWN_PATHS.has(context.req.path)) return;
    metrics.request(context.res.status, (performance.now() - begun) / 1000);
  });

  app.get("/healthz/live", (context) => context.json({ status: "live" }));
  app.get("/healthz/ready", async (context) => {
    const reason = await options.notReady();
    return reason
      ? context.json({ status: "not ready", reason }, 503)
      : context.json({ status: "ready" });
  });
  app.get("/metrics", async (context) =>
    context.body(await metrics.registry.metrics(), 200, {
      "content-type": metrics.registry.contentType,
    }),
  );

  app.post(
    "/webhooks/cms",
    async (context, next) => {
      const header = context.req.header("authorization") ?? "";
      // Compares with all of them, so that the time does not tell which one it was.
      if (!webhookTokens.map((token) => isSameText(header, `Bearer ${token}`)).includes(true)) {
        return failure(context, "unauthorized", "authorization must be the webhook's bearer token");
      }
      return next();
    },
    bodyLimit({
      maxSize: MOST_BYTES,
      onError: (context) =>
        failure(context, "too_large", `body must be at most ${MOST_BYTES} bytes`),
    }),
    async (context) => {
      const body: unknown = await context.req.json().catch(() => undefined);
      const result = readWebhook(body);
      if (result.kind === "malformed") {
        metrics.published("error");
        return failure(context, "bad_request", result.reason);
      }
      if (result.kind === "ignored") return context.json({ status: "ignored" }, 202);
      try {
        await options.recordPublication(result.publication);
      } catch (error) {
        metrics.published("error");
        context.header("retry-after", "5");
        return failure(context, "unavailable", "the queue must be reachable; try again", error);
      }
      metrics.delivered((Date.now() - result.createdAt) / 1000);
      return context.json({ status: "enqueued", id: result.publication.id }, 202);
    },
  );

  app.notFound((context) =>
    failure(
      context,
      "not_found",
      `path must be one of the worker's, got ${JSON.stringify(context.req.path.slice(0, MOST_PATH))}`,
    ),
  );
  app.onError((error, context) => failure(context, "internal", "the request failed", error));
  return app;

  /** Answers with an error, whose id is in the log beside what the answer does not show. */
  function failure(
    context: Context,
    code: keyof typeof ERRORS,
    message: string,
    cause?: unknown,
  ): Response {
    const requestId = randomUUID();
    const reason = cause instanceof Error ? cause.message : message;
    log[ERRORS[code] === 500 ? "error" : "warn"]({ requestId, code, reason }, "request failed");
    return context.json({ error: { code, message, requestId } }, ERRORS[code]);
  }
}
