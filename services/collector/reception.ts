import type { IncomingHttpHeaders } from "node:http";

import { admitAll, rejected } from "./admitted-batch.ts";
import type { AdmittedBatch } from "./admitted-batch.ts";
import type { Answer, Refusal } from "./answer.ts";
import { beginning, BodyTooLarge, inflated, isPlain, NoRoom, Room } from "./body.ts";
import { MalformedBody } from "./dialects/dialect.ts";
import type { Call, Decoded, Dialect, EventsEndpoint } from "./dialects/dialect.ts";
import type { Origin, Outcome } from "./intake.ts";
import type { Metrics } from "./metrics.ts";
import { claimant } from "./router.ts";
import type { Routes } from "./router.ts";
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

/** Whose a call is, and what came. */
interface Reading {
  readonly path: string;
  readonly dialect: Dialect;
  /** The call with its body as it came. */
  readonly received: Call;
  /** Bytes of its body, decompressed. */
  readonly length: number;
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

  /**
   * Answers a request that is meant for one of `routes`, once everything in it is durable. Waits for nothing else where that
   * can be done without: each wait of each request costs.
   */
  receive(sent: Sent, pathKey: string, routes: Routes): Answer | Promise<Answer> {
    const { path, query, isTls, headers, body } = sent;
    const received: Call = { headers, query, isTls, pathKey, body, at: Date.now() };
    return isPlain(body, headers["content-encoding"])
      ? this.#read(path, received, received, routes)
      : this.#inflate(path, received, routes);
  }

  async #inflate(path: string, received: Call, routes: Routes): Promise<Answer> {
    const maxBytes = Math.max(...routes.map(({ endpoint }) => endpoint.maxBytes));
    const encoding = received.headers["content-encoding"];
    let body: Buffer;
    try {
      body = await inflated(received.body, encoding, maxBytes, this.#room);
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
      this.#room.give(body.length);
    }
  }

  /** @param received the call with its body as it came. */
  #read(path: string, plain: Call, received: Call, routes: Routes): Answer | Promise<Answer> {
    const { dialect, endpoint } = claimant(routes, plain);
    const { length } = plain.body;
    const reading = { path, dialect, received, length };
    if (length > endpoint.maxBytes) {
      return this.#unusable(new BodyTooLarge(endpoint.maxBytes, length), plain, reading);
    }
    if (endpoint.kind === "page") {
      try {
        return this.#page(plain, dialect, endpoint.page);
      } catch (error) {
        return this.#unusable(error as Error, plain, reading);
      }
    }
    return endpoint.readable === undefined
      ? this.#take(plain, endpoint, reading)
      : this.#takeReadable(plain, endpoint, endpoint.readable, reading);
  }

  async #takeReadable(
    plain: Call,
    endpoint: EventsEndpoint,
    readable: (body: Buffer) => Promise<Buffer>,
    reading: Reading,
  ): Promise<Answer> {
    const { dialect } = reading;
    // It takes long: not for who has no key.
    if (this.#sourceOf(dialect.keyOf(plain)) === undefined) return unknownKey(dialect, plain);
    let body: Buffer;
    try {
      body = await readable(plain.body);
    } catch (error) {
      return this.#unusable(error as Error, plain, reading);
    }
    return this.#take({ ...plain, body }, endpoint, reading);
  }

  #take(call: Call, { decode }: EventsEndpoint, reading: Reading): Answer | Promise<Answer> {
    const { path, dialect, length } = reading;
    let decoded: Decoded;
    try {
      decoded = decode(call);
    } catch (error) {
      return this.#unusable(error as Error, call, reading);
    }
    const source = this.#sourceOf(dialect.keyOf(call) ?? decoded.writeKey);
    if (source === undefined) return unknownKey(dialect, call);
    const refused = this.#refusalOf(source, dialect, call, decoded.submissions.length);
    if (refused !== undefined) return refused;
    const most = MAX_KEPT_BYTES + MAX_KEPT_TIMES * length;
    const admitted = admitAll(decoded.submissions, originOf(source, dialect, path, call), most);
    if (admitted === undefined) {
      const error = new MalformedBody(`events must take at most ${most} bytes, got more`);
      return this.#unusable(error, call, reading);
    }
    const answer = decoded.answer ?? dialect.accepted(call, decoded.submissions);
    // Not awaited: what waits here would hold all events.
    return this.#keep(admitted, call, dialect, source, answer);
  }

  /**
   * Keeps what is no call as it was meant, where it could be decompressed: addresses in it are truncated then, and people found.
   * Not of what could be a bomb, because few bytes must not fill the spool.
   */
  #unusable(
    error: Error,
    call: Call,
    { path, dialect, received }: Reading,
  ): Answer | Promise<Answer> {
    const kept = call.body.length <= MAX_KEPT_PLAIN_BYTES ? call : received;
    return this.#quarantine(error, path, kept, dialect, call);
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
  #quarantine(
    error: Error,
    path: string,
    call: Call,
    dialect: Dialect,
    plain = call,
  ): Answer | Promise<Answer> {
    const raw = bytesOf(call);
    const source = this.#sourceOf(dialect.keyOf(call) ?? dialect.keyIn(bytesOf(plain)));
    if (source === undefined) return unknownKey(dialect, call);
    const refused = this.#refusalOf(source, dialect, call, 1);
    if (refused !== undefined) return refused;
    const { message } = error;
    const answer =
      error instanceof BodyTooLarge
        ? dialect.refused({ status: 413, code: "body_too_large", message }, call)
        : dialect.refused({ status: 400, code: "malformed_body", message }, call);
    const kept = rejected(message, raw, originOf(source, dialect, path, call));
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
    this.#count(source, dialect, "refused", events);
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
  #keep(
    { records, counts }: AdmittedBatch,
    call: Call,
    dialect: Dialect,
    source: Source,
    answer: Answer,
  ): Answer | Promise<Answer> {
    if (records.length === 0) return answer;
    return this.#args.spool.append([records]).then(
      () => {
        this.#count(source, dialect, "stored", counts.stored);
        this.#count(source, dialect, "reduced", counts.reduced);
        this.#count(source, dialect, "bad", counts.bad);
        return answer;
      },
      (error: unknown) => {
        if (!(error instanceof SpoolUnavailable)) throw error;
        this.#args.onTrouble("cannot take events", error);
        const refused = counts.stored + counts.reduced + counts.bad;
        this.#count(source, dialect, "refused", refused);
        return dialect.refused(
          {
            status: 503,
            code: "unavailable",
            message: "try again later",
            retryAfterSeconds: RETRY_AFTER_SECONDS,
          },
          call,
        );
      },
    );
  }

  #count(source: Source, dialect: Dialect, outcome: Outcome | "refused", events: number): void {
    this.#args.metrics.countEvents(source.name, dialect.name, outcome, events);
  }
}

function originOf(
  { name: source }: Source,
  { name: dialect }: Dialect,
  path: string,
  { headers, at }: Call,
): Origin {
  return { source, dialect, path, headers, at };
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
