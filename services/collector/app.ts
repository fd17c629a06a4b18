import type { IncomingHttpHeaders } from "node:http";

import { empty, errorBody, json } from "./answer.ts";
import type { Answer } from "./answer.ts";
import { corsHeaders } from "./cors.ts";
import type { Dialect } from "./dialects/dialect.ts";
import { OWN_PATHS, openApi } from "./openapi.ts";
import { openApiPage } from "./openapi-page.ts";
import { Reception } from "./reception.ts";
import type { ReceptionArgs } from "./reception.ts";
import { Router } from "./router.ts";
import type { Spool } from "./spool.ts";

/** A request, body read. */
export interface AppRequest {
  readonly method: string;
  /** Path without query. */
  readonly path: string;
  /** What stands behind `?`, as it came; empty if nothing does. */
  readonly query: string;
  /** Whether it came to the collector itself by TLS. @default - it did not */
  readonly isTls?: boolean;
  readonly headers: IncomingHttpHeaders;
  readonly body: Buffer;
}

/** Arguments of {@link App}. */
export interface AppArgs extends ReceptionArgs {
  readonly dialects: readonly Dialect[];
  readonly spool: Pick<Spool, "append" | "problem">;
}

/** What is between must not answer in the collector's place: events come by GET too, answers name the host and page that asked. */
const UNCACHED = { "cache-control": "no-store", vary: "origin" };

/** The collector's routes: every request gets an answer, and none a 5xx for what is in it. */
export class App {
  readonly #args: AppArgs;
  readonly #router: Router;
  readonly #reception: Reception;
  #stopping = false;

  constructor(args: AppArgs) {
    this.#args = args;
    this.#router = new Router(args.dialects);
    this.#reception = new Reception(args);
  }

  /** Makes `/healthz/ready` say no; everything else goes on. */
  stopBeingReady(): void {
    this.#stopping = true;
  }

  /** Whether clients should go elsewhere with their next request. */
  get isStopping(): boolean {
    return this.#stopping;
  }

  /** What is answered where there was an error that nobody foresaw. */
  inPlaceOf(error: Error): Answer {
    this.#args.onTrouble("a request ended in an error", error);
    return json(503, errorBody("unavailable", "try again later"));
  }

  /** Answers a request; never throws. */
  async handle(request: AppRequest): Promise<Answer> {
    const begun = performance.now();
    let answer: Answer;
    try {
      answer = await this.#answer(request);
    } catch (error) {
      answer = this.inPlaceOf(error as Error);
    }
    // Probes and scrapes are no visitors: beside few of those they would hide errors. What they ask is no page's business.
    if (OWN_PATHS.has(request.path)) return answer;
    this.#args.metrics.countRequest(answer.status, (performance.now() - begun) / 1000);
    const isGet = request.method === "GET";
    // What servers send is most of all.
    if (!isGet && request.headers.origin === undefined) return answer;
    const cors = corsHeaders(request.headers);
    const caching = isGet ? UNCACHED : {};
    return { ...answer, headers: { ...caching, ...answer.headers, ...cors } };
  }

  #answer(request: AppRequest): Answer | Promise<Answer> {
    const { method, path } = request;
    if (method === "OPTIONS") return empty(204);
    const place = this.#router.find(path);
    if (place === undefined) return this.#ownAnswer(method, path);

    const routes = place.methods.get(method);
    if (routes === undefined) return methodNotAllowed(method, [...place.methods.keys()].join(", "));
    return this.#reception.receive(request, place.pathKey, routes);
  }

  async #ownAnswer(method: string, path: string): Promise<Answer> {
    if (!OWN_PATHS.has(path)) {
      return json(404, errorBody("not_found", "path must be one that an SDK sends to"));
    }
    if (method !== "GET") return methodNotAllowed(method, "GET");
    if (path === "/healthz/live") return json(200, { status: "live" });
    if (path === "/healthz/ready") return this.#readiness();
    if (path === "/openapi.json") return json(200, openApi(this.#args.dialects));
    if (path === "/openapi") return openApiPage(openApi(this.#args.dialects));
    const { contentType, body } = await this.#args.metrics.text();
    return { status: 200, headers: { "content-type": contentType }, body };
  }

  async #readiness(): Promise<Answer> {
    const problem = this.#stopping ? "the collector is stopping" : await this.#args.spool.problem();
    return problem === undefined
      ? json(200, { status: "ready" })
      : json(503, errorBody("not_ready", problem));
  }
}

function methodNotAllowed(got: string, allowed: string): Answer {
  const body = errorBody(
    "method_not_allowed",
    `method must be ${allowed}, got ${got.slice(0, 20)}`,
  );
  return json(405, body, { allow: `${allowed}, OPTIONS` });
}
