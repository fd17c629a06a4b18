import type { IncomingHttpHeaders } from "node:http";

import type { Event, Purpose } from "../../contract/event.ts";
import type { Answer, Refusal } from "../answer.ts";
import type { WrittenEvent } from "../written/written-event.ts";

/** One vendor's protocol: where its SDKs send, what that means, and which answer they take for what. */
export interface Dialect {
  /** 1-32 characters of `[a-z0-9-]`; the `dialect` of its events. */
  readonly name: string;

  readonly endpoints: readonly Endpoint[];

  /** Write key in the path, query or headers; undefined if there is none. It counts more than one in the body. */
  keyOf(call: Call): string | undefined;

  /** Write key in a body that was not or could not be decoded; undefined if there is none. */
  keyIn(undecoded: Buffer): string | undefined;

  /** Tells the SDK that everything is kept. */
  accepted(call: Call, submissions: readonly Submission[]): Answer;

  /** Tells the SDK why it is not, in the way that makes it do the right thing next. */
  refused(refusal: Refusal, call: Call): Answer;
}

/** A method and path of a dialect. Of a path, `/` at its end makes no difference. */
export type Endpoint = EventsEndpoint | PageEndpoint;

interface AnyEndpoint {
  readonly method: "GET" | "POST";

  /** May hold one `:key`, 1-128 characters of `[A-Za-z0-9_-]`. */
  readonly path: string;

  /** Largest body, decompressed, in bytes. */
  readonly maxBytes: number;

  /** Whether a call is meant for this one, where another dialect has the same path. @default - if no other's */
  claims?(call: Call): boolean;
}

/** A path that events are sent to. */
export interface EventsEndpoint extends AnyEndpoint {
  readonly kind: "events";

  /** Makes of a body what {@link decode} can read. @default - it is as it came */
  readable?(body: Buffer): Promise<Buffer>;

  /**
   * What a call says.
   *
   * @throws MalformedBody if nothing can be made of it.
   */
  decode(call: Call): Decoded;
}

/** A path that an SDK reads from; nothing is stored. */
export interface PageEndpoint extends AnyEndpoint {
  readonly kind: "page";

  /** @param writeKey that of a source. */
  page(call: Call, writeKey: string): Answer;
}

/** A request to an endpoint. */
export interface Call {
  readonly headers: IncomingHttpHeaders;
  /** What stands behind `?`, as it came; empty if nothing does. */
  readonly query: string;
  /** Whether it came to the collector itself by TLS. @default - it did not */
  readonly isTls?: boolean | undefined;
  /** What stands for `:key` in the path; empty if the path has none. */
  readonly pathKey: string;
  /** Decompressed. */
  readonly body: Buffer;
  /** When it came, in milliseconds since 1970. */
  readonly at: number;
}

/** What {@link EventsEndpoint.decode} makes of a call. */
export interface Decoded {
  /** Write key in the body; undefined if it has none. */
  readonly writeKey: string | undefined;
  readonly submissions: readonly Submission[];
  /** What to answer once they are kept. @default - what {@link Dialect.accepted} says */
  readonly answer?: Answer;
}

/** What a sender says of an event; the collector adds the rest. */
export type Draft = Omit<Event, "source" | "dialect" | "receivedAt" | "id" | "consent"> & {
  /** The SDK's message id; undefined for a digest of what was sent, and of how often in the same request before. */
  readonly id: string | undefined;
  /**
   * Purposes granted; undefined if the sender says neither yes nor no to analytics or email. No purpose is granted then either,
   * but nobody refused one.
   */
  readonly consent: readonly Purpose[] | undefined;
};

/** Why what was sent is no event: `<field> must <rule>, got <value>`. */
export interface Unusable {
  readonly reason: string;
}

/** One event as sent, or the reason why it is none. */
export interface Submission {
  readonly draft: Draft | Unusable;
  /** The JSON value it was made from; what it has in common with others of its request is part of it. */
  readonly sent: unknown;
  /** Where the fields of its draft are in the request, if they need nothing but copying. @default - they may need more */
  readonly written?: WrittenEvent | undefined;
  /** Its bytes in the request. */
  raw(): Buffer;
}

/** Nothing can be made of a body; the message says why. */
export class MalformedBody extends Error {}
