import { randomUUID } from "node:crypto";

/** What a request is answered with. */
export interface Answer {
  readonly status: number;
  readonly headers: Readonly<Record<string, string>>;
  readonly body: string;

  /**
   * What is written after `body`, for as long as the client stays: begins at the call, calls `end` when there is
   * nothing more; what it returns is called once nobody listens any more.
   *
   * @default - nothing
   */
  readonly stream?: (write: (text: string) => void, end: () => void) => () => void;
}

/** All the codes an error can have. */
export type ErrorCode =
  | "body_too_large"
  | "forbidden"
  | "malformed_body"
  | "method_not_allowed"
  | "not_found"
  | "not_ready"
  | "too_many_events"
  | "unavailable"
  | "unknown_write_key";

/** Why a request is not granted. */
export interface Refusal {
  /** HTTP status that says it best. */
  readonly status: number;
  readonly code: ErrorCode;
  readonly message: string;
  /** When the same may succeed; undefined if never. */
  readonly retryAfterSeconds?: number;
}

/** An answer in JSON. */
export function json(status: number, value: unknown, headers: Record<string, string> = {}): Answer {
  return {
    status,
    headers: { "content-type": "application/json", ...headers },
    body: JSON.stringify(value),
  };
}

/** An answer without a body. */
export function empty(status: number): Answer {
  return { status, headers: {}, body: "" };
}

/** What the body of an error holds: a code to act on, a message to read, an id to find it by. */
export function errorBody(code: ErrorCode, message: string): { error: Record<string, string> } {
  return { error: { code, message, requestId: randomUUID() } };
}

/** {@link errorBody} of a refusal. */
export function refusalBody({ code, message }: Refusal): ReturnType<typeof errorBody> {
  return errorBody(code, message);
}

/** The header that says when to try again; none where that never helps. */
export function retryAfter({ retryAfterSeconds }: Refusal): Record<string, string> {
  return retryAfterSeconds === undefined ? {} : { "retry-after": String(retryAfterSeconds) };
}

/** A refusal as the collector's own endpoints say it, for SDKs that look at the status only. */
export function refused(refusal: Refusal): Answer {
  return json(refusal.status, refusalBody(refusal), retryAfter(refusal));
}
