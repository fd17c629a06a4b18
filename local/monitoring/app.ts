import { Hono, type Context } from "hono";
import { bodyLimit } from "hono/body-limit";
import { ApiError, invalidArgument, notFound } from "./api-error.ts";
import { serveIncidents } from "./incidents/route.ts";
import type { Watch } from "./incidents/watch.ts";
import type { Metrics } from "./metrics.ts";
import { servePage } from "./page/route.ts";
import { withEnumNumbers } from "./protos/enum-numbers.ts";
import { readRequest } from "./request.ts";
import { resources } from "./resources/all.ts";
import type { Backend } from "./resources/resource.ts";
import { routesOf } from "./routes.ts";
import type { UptimeRunner } from "./uptime/runner.ts";

/** Largest body of a request, in bytes. */
const MAX_BODY = 1024 * 1024;

/** What the app does besides answering. */
export interface AppOptions extends Backend {
  readonly metrics: Metrics;
  readonly uptime: Pick<UptimeRunner, "metrics" | "latest">;
  /** What is known of the alerts; undefined where nothing evaluates them. */
  readonly watch: () => Watch | undefined;
  /** Called after each answer. Gets neither query nor body: both may hold credentials. */
  readonly logRequest: (entry: {
    method: string;
    path: string;
    status: number;
    seconds: number;
  }) => void;
  /** Called with an error that is the emulator's own, not the caller's. */
  readonly logFault: (error: unknown) => void;
  /** False while the emulator drains. */
  readonly isReady: () => boolean;
}

/** The HTTP side of the emulator: routes of the API, health and metrics. */
export function createApp(options: AppOptions): Hono {
  const { state, metrics, uptime, watch, logRequest, logFault, isReady } = options;
  const routes = routesOf(resources);
  const app = new Hono();

  app.get("/healthz/live", (context) => context.json({ status: "live" }));
  app.get("/healthz/ready", (context) =>
    isReady()
      ? context.json({ status: "ready", setAside: state.setAside })
      : context.json({ status: "draining" }, 503),
  );
  app.get("/metrics", async (context) =>
    context.text(await metrics.text(), 200, { "content-type": metrics.contentType }),
  );

  app.get("/uptime", async (context) =>
    context.text(await uptime.metrics(), 200, { "content-type": metrics.contentType }),
  );
  serveIncidents(app, state);
  servePage(app, { state, uptime, watch });

  app.use(async (context, next) => {
    const begun = performance.now();
    await next();
    const seconds = (performance.now() - begun) / 1000;
    const { method } = context.req;
    const { status } = context.res;
    metrics.observe(status, seconds);
    logRequest({ method, path: new URL(context.req.url).pathname, status, seconds });
  });
  const tooLarge = (): never => {
    throw invalidArgument(`Request payload size exceeds the limit: ${MAX_BODY} bytes.`);
  };
  app.use(bodyLimit({ maxSize: MAX_BODY, onError: tooLarge }));

  app.all("*", async (context) => {
    const { pathname, searchParams } = new URL(context.req.url);
    for (const route of routes) {
      const variables = route.verb === context.req.method && route.path.exec(pathname)?.slice(1);
      if (!variables) continue;
      const request = readRequest(route, variables, searchParams, await context.req.text());
      const response = await route.method(request, options);
      const encoding = searchParams.get("$alt") ?? "";
      return answer(
        context,
        200,
        encoding.includes("enum-encoding=int")
          ? withEnumNumbers(route.response, response)
          : response,
      );
    }
    throw notFound("Method not found.");
  });

  app.onError((error, context) => {
    if (error instanceof ApiError) return answer(context, error.status, error.toBody());
    logFault(error);
    const body = {
      error: { code: 500, message: "Internal error encountered.", status: "INTERNAL" },
    };
    return answer(context, 500, body);
  });
  return app;
}

/** An answer with the headers that Google's front end sends. */
function answer(
  context: Context,
  status: 200 | 400 | 404 | 409 | 429 | 500 | 503,
  body: unknown,
): Response {
  return context.body(`${JSON.stringify(body, null, 2)}\n`, status, {
    "Content-Type": "application/json; charset=UTF-8",
    Server: "ESF",
    Vary: "Origin, X-Origin, Referer",
    "X-Content-Type-Options": "nosniff",
    "X-Frame-Options": "SAMEORIGIN",
    "X-XSS-Protection": "0",
  });
}
