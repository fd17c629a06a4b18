import { createServer, type IncomingMessage, type Server, type ServerResponse } from "node:http";
import type { AddressInfo } from "node:net";

/** The CMS's REST API and the chat, as the worker sees them. */
export interface Outside {
  readonly url: string;
  /** Pages that the CMS lists. */
  readonly entries: object[];
  /** Letters that the CMS lists. */
  readonly letters: object[];
  /** What the CMS says is due; it takes off what is carried out. */
  readonly due: { readonly documentId: string }[];
  /** Messages that the chat took. */
  readonly messages: string[];
  /** When the chat was asked: milliseconds of the process's clock. */
  readonly askedAt: number[];
  /** Requests that the chat has not answered yet. */
  readonly held: ServerResponse[];
  /** What the chat does with the next requests: `take`, `hold` without an answer, or a status to answer. */
  chat: "take" | "hold" | { readonly status: number; readonly headers?: Record<string, string> };
  stop(): Promise<void>;
}

/** Starts both on one port of 127.0.0.1. */
export async function startOutside(): Promise<Outside> {
  const server: Server = createServer((request, response) => void answer(request, response));
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  const outside: Outside = {
    url: `http://127.0.0.1:${(server.address() as AddressInfo).port}`,
    entries: [],
    letters: [],
    due: [],
    messages: [],
    askedAt: [],
    held: [],
    chat: "take",
    stop: () => {
      server.closeAllConnections();
      return new Promise<void>((resolve) => server.close(() => resolve()));
    },
  };
  return outside;

  async function answer(request: IncomingMessage, response: ServerResponse): Promise<void> {
    let body = "";
    for await (const chunk of request) body += chunk;
    if (request.url === "/api/scheduled-content" && request.method === "POST") {
      const { documentId } = (JSON.parse(body) as { data: { documentId: string } }).data;
      const found = outside.due.findIndex((change) => change.documentId === documentId);
      if (found >= 0) outside.due.splice(found, 1);
      const result = found >= 0 ? "done" : "changed";
      response.end(JSON.stringify({ data: { result } }));
      return;
    }
    if (request.url === "/api/scheduled-content") {
      response.end(JSON.stringify({ data: outside.due }));
      return;
    }
    if (request.url!.startsWith("/api/")) {
      const [, collection] = /^\/api\/([\w-]+)/.exec(request.url!) ?? [];
      const listed = { pages: outside.entries, "email-templates": outside.letters };
      const data = listed[collection as keyof typeof listed] ?? [];
      response.setHeader("content-type", "application/json").end(JSON.stringify({ data }));
      return;
    }
    outside.askedAt.push(performance.now());
    if (outside.chat === "hold") {
      outside.held.push(response);
    } else if (outside.chat === "take") {
      outside.messages.push((JSON.parse(body) as { text: string }).text);
      response.end("ok");
    } else {
      response.writeHead(outside.chat.status, outside.chat.headers).end();
    }
  }
}
