import type { IncomingHttpHeaders } from "node:http";

import { errorBody, json } from "./answer.ts";
import type { Answer } from "./answer.ts";
import { BodyTooLarge, plainBody } from "./body.ts";
import { corsHeaders } from "./cors.ts";
import type { Decoded, Dialect, EventsEndpoint } from "./dialects/dialect.ts";
import { admit, reject } from "./intake.ts";
import type { Admitted, Origin } from "./intake.ts";
import type { Metrics } from "./metrics.ts";
import { Router } from "./router.ts";
import type { Sources } from "./sources.ts";
import { SpoolUnavailable } from "./spool.ts";
import type { Spool } from "./spool.ts";

/** A request, body read. */
export interface AppRequest {
  readonly method: string;
  /** Path without query. */
  readonly path: string;
  readonly headers: IncomingHttpHeaders;
  readonly body: Buffer;
}

/** Arguments of {@link App}. */
export interface AppArgs {
  readonly sources: Sources;
  readonly dialects: readonly Dialect[];
  readonly spool: Pick<Spool, "append" | "problem">;
  readonly metrics: Metrics;
  /** Is told what the operator should know. */
  readonly onTrouble: (message: string, error: Error) => void;
}

/** Seconds after which an SDK may try again when the spool takes nothing. */
const RETRY_AFTER_SECONDS = 5;

/** The collector's routes: every request gets an answer, and none a 5xx for what is in it. */
export class App {
  readonly #args: AppArgs;
  readonly #router: Router;
  #stopping = false;

  constructor(args: AppArgs) {
    this.#args = args;
    this.#router = new Router(args.dialects);
  }

  /** Makes `/healthz/ready` say no; everything else goes on. */
  stopBeingReady(): void {
    this.#stopping = true;
  }

  /** Whether clients should go elsewhere with their next request. */
  get isStopping(): boolean {
    return this.#stopping;
  }

  /** Answers a request. */
  async handle(request: AppRequest): Promise<Answer> {
    const begun = performance.now();
    const answer = await this.#answer(request);
    this.#args.metrics.countRequest(answer.status, (performance.now() - begun) / 1000);
    if (request.headers.origin === undefined) return answer;
    return { ...answer, headers: { ...answer.headers, ...corsHeaders(request.headers) } };
  }

  async #answer(request: AppRequest): Promise<Answer> {
    const { method, path, headers } = request;
    const route = this.#router.find(path);
    if (method === "OPTIONS") return { status: 204, headers: {}, body: "" };
    if (route === undefined) return this.#ownAnswer(method, path);

    const { dialect, endpoint, key } = route;
    if (method !== endpoint.method) return methodNotAllowed(method, endpoint.method);
    if (endpoint.kind === "events") return this.#take(request, dialect, endpoint);
    return this.#args.sources.nameOf(key) === undefined
      ? dialect.refused(404, "unknown_write_key", "write key must be one of a source")
      : endpoint.page(key, headers);
  }

  async #ownAnswer(method: string, path: string): Promise<Answer> {
    switch (path) {
      case "/healthz/live":
      case "/healthz/ready":
      case "/metrics":
        break;
      default:
        return json(404, errorBody("not_found", "path must be one that an SDK sends to"));
    }
    if (method !== "GET") return methodNotAllowed(method, "GET");
    if (path === "/healthz/live") return json(200, { status: "live" });
    if (path === "/healthz/ready") return this.#readiness();
    const { contentType, body } = await this.#args.metrics.text();
    return { status: 200, headers: { "content-type": contentType }, body };
  }

  async #readiness(): Promise<Answer> {
    const problem = this.#stopping ? "the collector is stopping" : await this.#args.spool.problem();
    return problem === undefined
      ? json(200, { status: "ready" })
      : json(503, errorBody("not_ready", problem));
  }

  async #take(request: AppRequest, dialect: Dialect, endpoint: EventsEndpoint): Promise<Answer> {
    const { sources } = this.#args;
    const at = Date.now();
    const unknownKey = (): Answer =>
      dialect.refused(401, "unknown_write_key", "write key must be one of a source");
    const headerKey = dialect.headerKey(request.headers);
    const headerSource = headerKey === undefined ? undefined : sources.nameOf(headerKey);
    if (headerKey !== undefined && headerSource === undefined) return unknownKey();
    const origin = (source: string): Origin => ({
      source,
      dialect: dialect.name,
      path: request.path,
      at,
    });

    let decoded: Decoded;
    try {
      const body = await plainBody(
        request.body,
        request.headers["content-encoding"],
        endpoint.maxBytes,
      );
      decoded = endpoint.decode(body, { at });
    } catch (error) {
      const source = headerSource ?? sources.nameOf(dialect.keyIn(request.body) ?? "");
      if (source === undefined) return unknownKey();
      const { message } = error as Error;
      const refusal = await this.#keep(
        [reject(message, request.body, origin(source))],
        origin(source),
        dialect,
      );
      if (refusal !== undefined) return refusal;
      return error instanceof BodyTooLarge
        ? dialect.refused(413, "body_too_large", message)
        : dialect.refused(400, "malformed_body", message);
    }

    const source = headerSource ?? sources.nameOf(decoded.writeKey ?? "");
    if (source === undefined) return unknownKey();
    const from = origin(source);
    const admitted = decoded.submissions.map((submission) => admit(submission, from));
    return (await this.#keep(admitted, from, dialect)) ?? dialect.accepted();
  }

  /** Writes to the spool; returns the answer if it takes nothing, undefined once everything is durable. */
  async #keep(
    admitted: readonly Admitted[],
    { source }: Origin,
    dialect: Dialect,
  ): Promise<Answer | undefined> {
    const { spool, metrics, onTrouble } = this.#args;
    if (admitted.length === 0) return undefined;
    try {
      await spool.append(admitted.map(({ record }) => record));
    } catch (error) {
      if (!(error instanceof SpoolUnavailable)) throw error;
      onTrouble("cannot take events", error);
      metrics.countEvents(source, dialect.name, "refused", admitted.length);
      return dialect.refused(503, "unavailable", "try again later", RETRY_AFTER_SECONDS);
    }
    for (const outcome of ["stored", "reduced", "bad"] as const) {
      const count = admitted.reduce((sum, one) => sum + Number(one.outcome === outcome), 0);
      metrics.countEvents(source, dialect.name, outcome, count);
    }
    return undefined;
  }
}

function methodNotAllowed(got: string, allowed: string): Answer {
  const body = errorBody(
    "method_not_allowed",
    `method must be ${allowed}, got ${got.slice(0, 20)}`,
  );
  return json(405, body, { allow: `${allowed}, OPTIONS` });
}
