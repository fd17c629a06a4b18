import { createServer, type IncomingHttpHeaders, type ServerResponse } from "node:http";
import type { AddressInfo } from "node:net";

/** A request that a remote took. */
export interface Taken {
  readonly method: string;
  readonly path: string;
  readonly headers: IncomingHttpHeaders;
  readonly body: string;
}

/** How a remote answers a request. */
export type Reply =
  | { readonly status: number; readonly headers?: Record<string, string>; readonly body?: unknown }
  /** Takes it, and breaks the connection instead of answering. */
  | "hang up"
  /** Begins an answer of 200, and breaks the connection in the middle. */
  | "break off";

/** Another system on 127.0.0.1. */
export interface Remote {
  readonly url: string;
  readonly taken: Taken[];
  /** Decides what it answers. */
  answer: (request: Taken) => Reply;
  stop(): Promise<void>;
}

/** Starts one. */
export async function startRemote(): Promise<Remote> {
  const server = createServer((request, response) => {
    let body = "";
    request.on("data", (chunk: Buffer) => (body += chunk.toString()));
    request.on("end", () => {
      const { method = "", url = "", headers } = request;
      const taken = { method, path: url, headers, body };
      remote.taken.push(taken);
      reply(response, remote.answer(taken));
    });
  });
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  const remote: Remote = {
    url: `http://127.0.0.1:${(server.address() as AddressInfo).port}`,
    taken: [],
    answer: () => ({ status: 200 }),
    stop: () => {
      server.closeAllConnections();
      return new Promise<void>((resolve) => server.close(() => resolve()));
    },
  };
  return remote;
}

function reply(response: ServerResponse, how: Reply): void {
  if (how === "hang up") {
    response.destroy();
  } else if (how === "break off") {
    response.writeHead(200, { "content-length": "100" });
    response.write('{"ok":', () => response.destroy());
  } else {
    const { status, headers, body } = how;
    const text = typeof body === "string" || body === undefined ? body : JSON.stringify(body);
    const type = typeof body === "object" ? { "content-type": "application/json" } : {};
    response.writeHead(status, { ...type, ...headers }).end(text);
  }
}
