import type { IncomingHttpHeaders } from "node:http";

import type { Event } from "../../contract/event.ts";
import type { Answer, ErrorCode } from "../answer.ts";

/** One vendor's protocol: where its SDKs send, what that means, and which answer they take for what. */
export interface Dialect {
  /** 1-32 characters of `[a-z0-9-]`; the `dialect` of its events. */
  readonly name: string;

  readonly endpoints: readonly Endpoint[];

  /** Write key in the headers, before the body is looked at; undefined if there is none. */
  headerKey(headers: IncomingHttpHeaders): string | undefined;

  /** Write key in a body that `decode` could not make sense of, so that it can be kept; undefined if none. */
  keyIn(unreadable: Buffer): string | undefined;

  /** Tells the SDK that everything is kept. */
  accepted(): Answer;

  /** Tells the SDK that it is not; `retryAfterSeconds` if the same may succeed later. */
  refused(status: number, code: ErrorCode, message: string, retryAfterSeconds?: number): Answer;
}

/** One path of a dialect. */
export type Endpoint = EventsEndpoint | PageEndpoint;

/** A path that events are sent to. */
export interface EventsEndpoint {
  readonly kind: "events";
  readonly method: "POST";
  readonly path: string;

  /** Largest body, decompressed, in bytes. */
  readonly maxBytes: number;

  /**
   * What a body says.
   *
   * @throws MalformedBody if nothing can be made of it.
   */
  decode(body: Buffer, received: Received): Decoded;
}

/** A path that an SDK reads its settings from. */
export interface PageEndpoint {
  readonly kind: "page";
  readonly method: "GET";
  /** May hold one `:key`, the write key. */
  readonly path: string;

  page(writeKey: string, headers: IncomingHttpHeaders): Answer;
}

/** How a body came. */
export interface Received {
  /** When, in milliseconds since 1970. */
  readonly at: number;
}

/** What {@link EventsEndpoint.decode} makes of a body. */
export interface Decoded {
  /** Write key in the body; undefined if it has none. */
  readonly writeKey: string | undefined;
  readonly submissions: readonly Submission[];
}

/** What a sender says of an event; the collector adds the rest. */
export type Draft = Omit<Event, "source" | "dialect" | "receivedAt" | "id"> & {
  /** The SDK's message id; undefined if it has none. */
  readonly id: string | undefined;
};

/** One event as sent, or the reason why it is none. */
export interface Submission {
  readonly draft: Draft | { readonly reason: string };
  /** The JSON value it was made from. */
  readonly sent: unknown;
  /** Its bytes in the body. */
  raw(): Buffer;
}

/** Nothing can be made of a body; the message says why. */
export class MalformedBody extends Error {}
