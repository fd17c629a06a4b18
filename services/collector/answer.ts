import { randomUUID } from "node:crypto";

/** What a request is answered with. */
export interface Answer {
  readonly status: number;
  readonly headers: Readonly<Record<string, string>>;
  readonly body: string;
}

/** All the codes an error can have. */
export type ErrorCode =
  | "body_too_large"
  | "malformed_body"
  | "method_not_allowed"
  | "not_found"
  | "not_ready"
  | "unavailable"
  | "unknown_write_key";

/** An answer in JSON. */
export function json(status: number, value: unknown, headers: Record<string, string> = {}): Answer {
  return {
    status,
    headers: { "content-type": "application/json", ...headers },
    body: JSON.stringify(value),
  };
}

/** What the body of an error holds: a code to act on, a message to read, an id to find it by. */
export function errorBody(code: ErrorCode, message: string): { error: Record<string, string> } {
  return { error: { code, message, requestId: randomUUID() } };
}
