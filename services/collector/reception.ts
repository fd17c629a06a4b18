import type { IncomingHttpHeaders } from "node:http";

import { admitAll, rejected } from "./admitted-batch.ts";
import type { AdmittedBatch } from "./admitted-batch.ts";
import type { Answer, Refusal } from "./answer.ts";
import { beginning, BodyTooLarge, NoRoom, plainBody, Room } from "./body.ts";
import { MalformedBody } from "./dialects/dialect.ts";
import type { Call, Decoded, Dialect } from "./dialects/dialect.ts";
import type { Origin } from "./intake.ts";
import type { Metrics } from "./metrics.ts";
import { claimant } from "./router.ts";
import type { Route } from "./router.ts";
import { forbidden } from "./sources.ts";
import type { Source, Sources } from "./sources.ts";
import { SpoolUnavailable } from "./spool.ts";
import type { Spool } from "./spool.ts";

/** A request to an endpoint, its body as it came. */
export interface Sent {
  readonly path: string;
  readonly query: string;
  readonly isTls?: boolean;
  readonly headers: IncomingHttpHeaders;
  readonly body: Buffer;
}

/** Arguments of {@link Reception}. */
export interface ReceptionArgs {
  readonly sources: Sources;
  readonly spool: Pick<Spool, "append">;
  readonly metrics: Metrics;
  /** Is told what the operator should know. */
  readonly onTrouble: (message: string, error: Error) => void;
}

/** Seconds after which an SDK may try again when the spool takes nothing. */
const RETRY_AFTER_SECONDS = 5;

/** Seconds after which it may when others were being decompressed. */
const RETRY_WHEN_BUSY_SECONDS = 1;

/** Bodies that came compressed, held decompressed at one time, in bytes. */
const MAX_INFLATED_BYTES = 40 * 1024 * 1024;

/** What is kept of a body, at most: bytes, and so many times those of the body. Events may have much in common. */
const MAX_KEPT_BYTES = 4 * 1024 * 1024;
const MAX_KEPT_TIMES = 4;

/** Up to how many bytes a body that came compressed is kept decompressed as a bad row. */
const MAX_KEPT_PLAIN_BYTES = 1024 * 1024;

/** Where SDKs are answered: finds dialect and source of a request, keeps what is in it. */
export class Reception {
  readonly #args: ReceptionArgs;
  readonly #room = new Room(MAX_INFLATED_BYTES);

  constructor(args: ReceptionArgs) {
    this.#args = args;
  }

  /** Answers a request that is meant for one of `routes`, once everything in it is durable. */
  async receive(
    sent: Sent,
    pathKey: string,
    routes: readonly [Route, ...Route[]],
  ): Promise<Answer> {
    const { path, query, isTls, headers, body: bytes } = sent;
    const received: Call = { headers, query, isTls, pathKey, body: bytes, at: Date.now() };
    const maxBytes = Math.max(...routes.map(({ endpoint }) => endpoint.maxBytes));
    let body: Buffer;
    try {
      body = await plainBody(sent.body, headers["content-encoding"], maxBytes, this.#room);
    } catch (error) {
      if (error instanceof NoRoom) return routes[0].dialect.refused(busy(error), received);
      // Whose it is may stand where it can still be read.
      const read = { ...received, body: await beginning(received.body) };
      const { dialect } = claimant(routes, read);
      return this.#quarantine(error as Error, path, received, dialect, read);
    }
    try {
      return await this.#read(path, { ...received, body }, received, routes);
    } finally {
      if (body !== sent.body) this.#room.give(body.length);
    }
  }

  /** @param received the call with its body as it came. */
  async #read(
    path: string,
    plain: Call,
    received: Call,
    routes: readonly [Route, ...Route[]],
  ): Promise<Answer> {
    const { dialect, endpoint } = claimant(routes, plain);
    let call = plain;
    let decoded: Decoded;
    // As it was meant, where it could be decompressed: addresses in it are truncated then, and people found. Not of what
    // could be a bomb, because few bytes must not fill the spool.
    const unusable = (error: Error): Promise<Answer> =>
      this.#quarantine(
        error,
        path,
        call.body.length <= MAX_KEPT_PLAIN_BYTES ? call : received,
        dialect,
        call,
      );
    try {
      if (endpoint.kind === "page") return this.#page(call, dialect, endpoint.page);
      const { length } = plain.body;
      if (length > endpoint.maxBytes) throw new BodyTooLarge(endpoint.maxBytes, length);
      if (endpoint.readable) {
        // It takes long: not for who has no key.
        if (this.#sourceOf(dialect.keyOf(call)) === undefined) return unknownKey(dialect, call);
        call = { ...plain, body: await endpoint.readable(plain.body) };
      }
      decoded = endpoint.decode(call);
    } catch (error) {
      return unusable(error as Error);
    }

    const source = this.#sourceOf(dialect.keyOf(call) ?? decoded.writeKey);
    if (source === undefined) return unknownKey(dialect, call);
    const refused = this.#refusalOf(source, dialect, call, decoded.submissions.length);
    if (refused !== undefined) return refused;
    const origin: Origin = {
      source: source.name,
      dialect: dialect.name,
      path,
      headers: call.headers,
      at: call.at,
    };
    const { length } = plain.body;
    const most = MAX_KEPT_BYTES + MAX_KEPT_TIMES * length;
    const admitted = admitAll(decoded.submissions, origin, length, most);
    if (admitted === undefined) {
      return unusable(new MalformedBody(`events must take at most ${most} bytes, got more`));
    }
    const answer = decoded.answer ?? dialect.accepted(call, decoded.submissions);
    // Not awaited: what waits here would hold all events.
    return this.#keep(admitted, call, dialect, source, answer);
  }

  #page(call: Call, dialect: Dialect, page: (call: Call, writeKey: string) => Answer): Answer {
    const writeKey = dialect.keyOf(call) ?? dialect.keyIn(call.body);
    const source = this.#sourceOf(writeKey);
    if (source === undefined || writeKey === undefined) return unknownKey(dialect, call);
    return this.#refusalOf(source, dialect, call, 0) ?? page(call, writeKey);
  }

  /**
   * Keeps what could not be decoded, as it came.
   *
   * @param plain the same where the write key can be read. @default - `call`
   */
  async #quarantine(
    error: Error,
    path: string,
    call: Call,
    dialect: Dialect,
    plain = call,
  ): Promise<Answer> {
    const raw = bytesOf(call);
    const source = this.#sourceOf(dialect.keyOf(call) ?? dialect.keyIn(bytesOf(plain)));
    if (source === undefined) return unknownKey(dialect, call);
    const refused = this.#refusalOf(source, dialect, call, 1);
    if (refused !== undefined) return refused;
    const { message } = error;
    const origin: Origin = {
      source: source.name,
      dialect: dialect.name,
      path,
      headers: call.headers,
      at: call.at,
    };
    const answer =
      error instanceof BodyTooLarge
        ? dialect.refused({ status: 413, code: "body_too_large", message }, call)
        : dialect.refused({ status: 400, code: "malformed_body", message }, call);
    const kept = rejected(message, raw, origin);
    return this.#keep(kept, call, dialect, source, answer);
  }

  #sourceOf(writeKey: string | undefined): Source | undefined {
    return writeKey === undefined ? undefined : this.#args.sources.find(writeKey);
  }

  /** The answer to what a source may not send, or not now; undefined if it may send so many events. */
  #refusalOf(source: Source, dialect: Dialect, call: Call, events: number): Answer | undefined {
    const message = forbidden(source, dialect.name, call.headers.origin);
    if (message !== undefined) {
      return dialect.refused({ status: 403, code: "forbidden", message }, call);
    }
    const seconds = events === 0 ? 0 : this.#args.sources.take(source, events);
    if (seconds === 0) return undefined;
    this.#args.metrics.countEvents(source.name, dialect.name, "refused", events);
    return dialect.refused(
      {
        status: 429,
        code: "too_many_events",
        message: `events of source ${source.name} must be fewer, try again in ${seconds} s`,
        retryAfterSeconds: seconds,
      },
      call,
    );
  }

  /** Writes to the spool; returns `answer` once everything is durable, another one if it takes nothing. */
  async #keep(
    { records, counts }: AdmittedBatch,
    call: Call,
    dialect: Dialect,
    source: Source,
    answer: Answer,
  ): Promise<Answer> {
    const { spool, metrics, onTrouble } = this.#args;
    if (records.length === 0) return answer;
    try {
      await spool.append([records]);
    } catch (error) {
      if (!(error instanceof SpoolUnavailable)) throw error;
      onTrouble("cannot take events", error);
      const refused = counts.stored + counts.reduced + counts.bad;
      metrics.countEvents(source.name, dialect.name, "refused", refused);
      return dialect.refused(
        {
          status: 503,
          code: "unavailable",
          message: "try again later",
          retryAfterSeconds: RETRY_AFTER_SECONDS,
        },
        call,
      );
    }
    for (const outcome of ["stored", "reduced", "bad"] as const) {
      metrics.countEvents(source.name, dialect.name, outcome, counts[outcome]);
    }
    return answer;
  }
}

/** What was sent: some SDKs send events in the URL. */
function bytesOf({ body, query }: Call): Buffer {
  return body.length > 0 ? body : Buffer.from(query);
}

function busy({ message }: NoRoom): Refusal {
  return { status: 503, code: "unavailable", message, retryAfterSeconds: RETRY_WHEN_BUSY_SECONDS };
}

function unknownKey(dialect: Dialect, call: Call): Answer {
  const message = "write key must be one of a source";
  return dialect.refused({ status: 401, code: "unknown_write_key", message }, call);
}
