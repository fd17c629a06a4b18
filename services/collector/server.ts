import { createServer } from "node:http";
import { createServer as createTlsServer } from "node:https";
import type { Server as TlsServer } from "node:https";
import type { IncomingMessage, RequestListener, Server, ServerResponse } from "node:http";
import { TLSSocket } from "node:tls";

import { errorBody, json } from "./answer.ts";
import type { Answer } from "./answer.ts";
import type { App } from "./app.ts";
import type { Certificate } from "./certificate.ts";
import { corsHeaders } from "./cors.ts";

/** Largest body of any dialect as it comes, in bytes. A larger one is not even read. */
const MAX_BODY_BYTES = 20 * 1024 * 1024;

/** Bodies held at one time, in bytes: what bounds memory however many clients send at once. */
const MAX_HELD_BYTES = 64 * 1024 * 1024;

/**
 * How long an idle connection is kept, in milliseconds: longer than the 600 s of Google's load balancers, which would
 * otherwise send a request into a connection that is being closed.
 */
const KEEP_ALIVE_MS = 620_000;

/** Seconds after which a client may try again when too many bodies are held. */
const RETRY_AFTER_SECONDS = 1;

const OPTIONS = {
  // Some SDKs send events in the URL.
  maxHeaderSize: 256 * 1024,
  headersTimeout: 15_000,
  requestTimeout: 30_000,
  keepAliveTimeout: KEEP_ALIVE_MS,
  noDelay: true,
};

/** The HTTP server in front of an app. */
export function serve(listener: RequestListener): Server {
  return createServer(OPTIONS, listener);
}

/** The same by TLS. */
export function serveTls(listener: RequestListener, certificate: Certificate): TlsServer {
  return createTlsServer({ ...OPTIONS, ...certificate }, listener);
}

/** What servers in front of an app do with requests, all within the same bounds: reads bodies, writes answers. */
export function listenerOf(
  app: App,
  onTrouble: (message: string, error: Error) => void,
): RequestListener {
  let held = 0;

  const answer = async (request: IncomingMessage, response: ServerResponse, body: Buffer) => {
    const url = request.url ?? "/";
    const query = url.indexOf("?");
    try {
      const said = await app.handle({
        method: request.method ?? "GET",
        path: query < 0 ? url : url.slice(0, query),
        query: query < 0 ? "" : url.slice(query + 1),
        isTls: request.socket instanceof TLSSocket,
        headers: request.headers,
        body,
      });
      // A kept connection that is closed at the end may lose the request that is on its way.
      if (app.isStopping) response.shouldKeepAlive = false;
      send(response, said);
    } catch (error) {
      onTrouble("a request ended in an error", error as Error);
      if (!response.headersSent)
        send(response, json(503, errorBody("unavailable", "try again later")));
    } finally {
      held -= body.length;
    }
  };

  /** Events, because iterating over a request costs as much as all that is done with it. */
  const receive: RequestListener = (request, response) => {
    let chunks: Buffer[] = [];
    let bytes = 0;
    let isOver = false;
    const give = (): void => {
      isOver = true;
      held -= bytes;
      chunks = [];
    };
    request.on("data", (chunk: Buffer) => {
      if (isOver) return;
      bytes += chunk.length;
      held += chunk.length;
      chunks.push(chunk);
      if (bytes <= MAX_BODY_BYTES && held <= MAX_HELD_BYTES) return;
      const refusal = bytes > MAX_BODY_BYTES ? tooLarge() : tooBusy();
      give();
      refuse(request, response, refusal);
    });
    request.on("end", () => {
      if (isOver) return;
      isOver = true;
      void answer(
        request,
        response,
        chunks.length === 1 ? chunks[0]! : Buffer.concat(chunks, bytes),
      );
    });
    // The client went away in the middle of its body: nobody to answer.
    request.on("error", () => undefined);
    request.on("close", () => {
      if (!isOver) give();
    });
  };

  return receive;
}

function send(response: ServerResponse, { status, headers, body, stream }: Answer): void {
  // One that waits behind others of its connection, or whose client is gone, is never told that nobody listens: it ends at
  // once, and who is there asks again.
  if (stream !== undefined && response.socket !== null && !response.destroyed) {
    response.writeHead(status, headers).write(body);
    const stop = stream(
      (text) => void response.write(text),
      () => void response.end(),
    );
    response.once("close", stop);
    return;
  }
  response.writeHead(status, { ...headers, "content-length": Buffer.byteLength(body) }).end(body);
}

/** Answers before the body is read to its end; the connection cannot be used again. */
function refuse(request: IncomingMessage, response: ServerResponse, answer: Answer): void {
  const headers = { ...answer.headers, ...corsHeaders(request.headers), connection: "close" };
  send(response, { ...answer, headers });
}

function tooLarge(): Answer {
  return json(413, errorBody("body_too_large", `body must be at most ${MAX_BODY_BYTES} bytes`));
}

function tooBusy(): Answer {
  const body = errorBody("unavailable", "too many bodies at once, try again later");
  return json(503, body, { "retry-after": String(RETRY_AFTER_SECONDS) });
}
