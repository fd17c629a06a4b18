import { once } from "node:events";
import { createServer, type IncomingMessage, type ServerResponse } from "node:http";

import type { Metrics } from "./metrics.ts";

/**
 * How long an idle connection is kept, in milliseconds: longer than the 600 s of Google's load balancers, which would
 * otherwise send a request into a connection that is being closed.
 */
const KEEP_ALIVE = 620_000;

/** The content server behind the front: Strapi, once it is loaded. */
export interface Content {
  handle(request: IncomingMessage, response: ServerResponse): unknown;

  /** Resolves if content can be served; rejects with the reason otherwise. */
  check(): Promise<void>;
}

/**
 * The one HTTP server of the process: probes, metrics, and everything else for the content server.
 *
 * It listens before Strapi is loaded, so that a replica that waits for its turn is alive but not ready.
 */
export class Front {
  private readonly server;
  private content: Content | undefined;
  private draining = false;

  constructor(metrics: Metrics) {
    this.server = createServer(
      { keepAliveTimeout: KEEP_ALIVE },
      (request, response) => void this.answer(request, response, metrics),
    );
  }

  /** @throws Error if the port is taken. */
  async listen(port: number, host: string): Promise<void> {
    this.server.listen(port, host);
    await once(this.server, "listening");
  }

  /** From here on requests are answered by `content`. */
  open(content: Content): void {
    this.content = content;
  }

  /**
   * Tells clients with each answer to leave, then takes no new connections; resolves when the last request in flight is
   * answered.
   *
   * @param lingered until when clients are only told to leave: a kept connection that is closed may lose the request that
   * is on its way.
   */
  async drain(lingered: Promise<void>): Promise<void> {
    this.draining = true;
    await lingered;
    const closed = once(this.server, "close");
    this.server.close();
    await closed;
  }

  private async answer(request: IncomingMessage, response: ServerResponse, metrics: Metrics) {
    if (this.draining) response.setHeader("connection", "close");
    // Who asked before that was not told: its connection would hold up the end until it leaves by itself.
    response.once("finish", () => this.server.listening || request.socket.end());
    switch (request.url) {
      case "/healthz/live":
        return send(response, 200, { status: "live" });
      case "/healthz/ready": {
        const reason = await this.unreadyReason();
        return reason
          ? send(response, 503, { status: "unready", reason })
          : send(response, 200, { status: "ready" });
      }
      case "/metrics":
        response.setHeader("content-type", metrics.contentType);
        return response.end(await metrics.render());
    }
    measure(response, metrics);
    if (this.content) return this.content.handle(request, response);
    return send(response, 503, { error: { code: "starting", message: "the CMS is starting" } });
  }

  private async unreadyReason(): Promise<string | undefined> {
    if (this.draining) return "shutting down";
    if (!this.content) return "starting";
    return this.content.check().then(
      () => undefined,
      (error: Error) => error.message,
    );
  }
}

function send(response: ServerResponse, status: number, body: object) {
  response.writeHead(status, { "content-type": "application/json" }).end(JSON.stringify(body));
}

function measure(response: ServerResponse, metrics: Metrics) {
  const begin = performance.now();
  response.once("close", () =>
    metrics.answered(
      response.writableFinished ? response.statusCode : 499,
      (performance.now() - begin) / 1_000,
    ),
  );
}
