import { createHash, randomUUID, timingSafeEqual } from "node:crypto";
import { Hono, type Context } from "hono";
import { bodyLimit } from "hono/body-limit";
import type { Logger } from "pino";
import type { Metrics } from "./metrics.ts";
import type { Publication } from "./publication.ts";
import { readWebhook } from "./webhook.ts";

/** Largest webhook body, in bytes: an entry with all its relations. */
const MOST_BYTES = 5 * 2 ** 20;

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
  readonly webhookToken: string;
  /** Enqueues durably, or throws while that cannot be done. */
  readonly recordPublication: (publication: Publication) => Promise<void>;
  /** Why the worker is not ready; undefined if it is. */
  readonly notReady: () => Promise<string | undefined>;
  readonly metrics: Metrics;
  readonly log: Logger;
}

/** The worker's routes. */
export function createApp(options: AppOptions): Hono {
  const { metrics, log } = options;
  const app = new Hono();

  app.use(async (context, next) => {
    const begun = performance.now();
    await next();
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
      if (!isEqual(header, `Bearer ${options.webhookToken}`)) {
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
        log.warn({ reason: (error as Error).message }, "publication could not be enqueued");
        context.header("retry-after", "5");
        return failure(context, "unavailable", "the queue must be reachable; try again");
      }
      metrics.published("ok", (Date.now() - result.createdAt) / 1000);
      return context.json({ status: "enqueued", id: result.publication.id }, 202);
    },
  );

  app.notFound((context) =>
    failure(context, "not_found", `no route ${context.req.method} ${context.req.path}`),
  );
  app.onError((error, context) => {
    log.error({ reason: error.message }, "request failed");
    return failure(context, "internal", "the request failed");
  });
  return app;
}

function failure(context: Context, code: keyof typeof ERRORS, message: string): Response {
  return context.json({ error: { code, message, requestId: randomUUID() } }, ERRORS[code]);
}

/** Compares in a time that does not depend on where the texts differ. */
function isEqual(a: string, b: string): boolean {
  const digest = (text: string): Buffer => createHash("sha256").update(text).digest();
  return timingSafeEqual(digest(a), digest(b));
}
