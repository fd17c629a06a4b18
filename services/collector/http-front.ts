import { createServer } from "node:http";
import type {
  IncomingHttpHeaders,
  IncomingMessage,
  RequestListener,
  Server,
  ServerResponse,
} from "node:http";
import { createServer as createTlsServer } from "node:https";
import type { Server as TlsServer } from "node:https";
import type { Socket } from "node:net";
import { TLSSocket } from "node:tls";

import { errorBody, json } from "./answer.ts";
import type { Answer } from "./answer.ts";
import type { App } from "./app.ts";
import { Room } from "./body.ts";
import type { Certificate } from "./certificate.ts";
import { corsHeaders } from "./cors.ts";
import { FastPath } from "./fast-path.ts";

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

/** The HTTP servers in front of an app, all within the same bounds. */
export class HttpFront {
  readonly #app: App;
  readonly #room = new Room(MAX_HELD_BYTES);

  constructor(app: App) {
    this.#app = app;
  }

  /** A server, not listening yet. */
  server(): Server {
    return this.#withFastPath(createServer(OPTIONS, this.#receive), "connection");
  }

  /** The same by TLS. */
  tlsServer(certificate: Certificate): TlsServer {
    const server = createTlsServer({ ...OPTIONS, ...certificate }, this.#receive);
    return this.#withFastPath(server, "secureConnection");
  }

  /** Lets connections begin on the fast path; the server gets those that are not for it. */
  #withFastPath<S extends Server | TlsServer>(
    server: S,
    event: "connection" | "secureConnection",
  ): S {
    const [takeOver] = server.listeners(event) as [(this: S, socket: Socket) => void];
    server.removeAllListeners(event);
    const fastPath = new FastPath({
      answer: (head, body) => this.#answer("POST", head, event === "secureConnection", body),
      inPlaceOf: (error) => this.#app.inPlaceOf(error),
      handOver: (socket) => takeOver.call(server, socket),
      room: this.#room,
      isStopping: () => this.#app.isStopping,
      keepAliveMs: KEEP_ALIVE_MS,
    });
    server.on(event, (socket: Socket) => fastPath.accept(socket));
    const closeIdle = server.closeIdleConnections.bind(server);
    const closeAll = server.closeAllConnections.bind(server);
    return Object.assign(server, {
      closeIdleConnections: () => {
        fastPath.closeIdle();
        closeIdle();
      },
      closeAllConnections: () => {
        fastPath.closeAll();
        closeAll();
      },
    });
  }

  #answer(
    method: string,
    { url, headers }: { readonly url: string; readonly headers: IncomingHttpHeaders },
    isTls: boolean,
    body: Buffer,
  ): Promise<Answer> {
    const mark = url.indexOf("?");
    const path = mark < 0 ? url : url.slice(0, mark);
    const query = mark < 0 ? "" : url.slice(mark + 1);
    return this.#app.handle({ method, path, query, isTls, headers, body });
  }

  /** Reads the body of a request and answers it. Events, because iterating over it costs as much as all that is done with it. */
  readonly #receive: RequestListener = (request, response) => {
    let chunks: Buffer[] = [];
    let bytes = 0;
    let isOver = false;
    const give = (): void => {
      isOver = true;
      this.#room.give(bytes);
      chunks = [];
    };
    request.on("data", (chunk: Buffer) => {
      if (isOver) return;
      const isTooLarge = bytes + chunk.length > MAX_BODY_BYTES;
      if (!isTooLarge && this.#room.take(chunk.length)) {
        bytes += chunk.length;
        chunks.push(chunk);
        return;
      }
      give();
      refuse(request, response, isTooLarge ? tooLarge() : tooBusy());
    });
    request.on("end", () => {
      if (isOver) return;
      isOver = true;
      const body = chunks.length === 1 ? chunks[0]! : Buffer.concat(chunks, bytes);
      void this.#respond(request, response, body);
    });
    // The client went away in the middle of its body: nobody to answer.
    request.on("error", () => undefined);
    request.on("close", () => {
      if (!isOver) give();
    });
  };

  async #respond(request: IncomingMessage, response: ServerResponse, body: Buffer): Promise<void> {
    const { method = "GET", url = "/", headers, socket } = request;
    const answer = await this.#answer(method, { url, headers }, socket instanceof TLSSocket, body);
    this.#room.give(body.length);
    // A kept connection that is closed at the end may lose the request that is on its way.
    if (this.#app.isStopping) response.shouldKeepAlive = false;
    try {
      send(response, answer);
    } catch (error) {
      const instead = this.#app.inPlaceOf(error as Error);
      if (!response.headersSent) send(response, instead);
    }
  }
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
