import type { Outcome } from "../journeys/channel.ts";

/** What came of asking another system. */
export type Exchange =
  | {
      readonly kind: "answered";
      readonly status: number;
      readonly headers: Headers;
      /** The beginning of its body. */
      readonly body: string;
    }
  /** Nothing left this machine: no connection came about. */
  | { readonly kind: "notReached"; readonly reason: string }
  /** It may have arrived, and there was no whole answer. */
  | { readonly kind: "noAnswer"; readonly reason: string };

/** An answer. */
export type Answer = Extract<Exchange, { kind: "answered" }>;

/** The most that another system may take to answer, in milliseconds. */
export const TIMEOUT = 10_000;

/** What became of an effect that the other side is not known to have. */
export type Failure = Exclude<Outcome, { kind: "sent" }>;

/** What is said of an effect that must not begin to leave any more. */
export const tooLate: Failure = { kind: "later", reason: "what let it out counts no longer" };

/** The longest wait that a Retry-After is believed, in seconds. */
const MOST_PATIENCE = 3600;

/** The most that is read of an answer, in bytes. */
const MOST_BYTES = 64 * 2 ** 10;

/** Sends a request and reads the beginning of the answer; never throws. Its address is a secret and in no reason. */
export async function exchange(
  url: string,
  request: {
    readonly method: "POST" | "PATCH";
    readonly headers: Readonly<Record<string, string>>;
    readonly body: string;
  },
): Promise<Exchange> {
  try {
    const answer = await fetch(url, {
      ...request,
      redirect: "manual",
      signal: AbortSignal.timeout(TIMEOUT),
    });
    const { status, headers } = answer;
    return { kind: "answered", status, headers, body: await beginningOf(answer) };
  } catch (error) {
    return failureOf(error);
  }
}

/** What a failed `fetch` says of the request. */
export function failureOf(error: unknown): Exclude<Exchange, Answer> {
  const { name, cause } = error as Error;
  const code = (cause as NodeJS.ErrnoException | undefined)?.code;
  const reason = code ?? name;
  return { kind: code && isBeforeSending(code) ? "notReached" : "noAnswer", reason };
}

/** Whether an error can only come before a request is on its way: of names, of routes, of connecting, of certificates. */
function isBeforeSending(code: string): boolean {
  return (
    /^(ECONNREFUSED|ENOTFOUND|EAI_AGAIN|EHOSTUNREACH|ENETUNREACH|UND_ERR_CONNECT_TIMEOUT)$/.test(
      code,
    ) || /CERT|SELF_SIGNED|UNABLE_TO_/.test(code)
  );
}

/**
 * What an answer says that is no success by its status; undefined if it is one.
 *
 * @param system what it is, for the reason: `Slack`.
 */
export function outcomeOf(system: string, exchanged: Exchange): Failure | undefined {
  switch (exchanged.kind) {
    case "notReached":
      return { kind: "later", reason: `${system} cannot be reached: ${exchanged.reason}` };
    case "noAnswer":
      return { kind: "unknown", reason: `${system} did not answer: ${exchanged.reason}` };
  }
  const { status, headers } = exchanged;
  if (status >= 200 && status < 300) return undefined;
  return outcomeOfStatus(system, status, headers.get("retry-after") ?? "");
}

/** What an answer's status says that is no success. */
export function outcomeOfStatus(system: string, status: number, retryAfter: string): Failure {
  const reason = `${system} answered ${status}`;
  const seconds = secondsOf(retryAfter);
  const patience = seconds > 0 ? { retryAfterSeconds: Math.min(seconds, MOST_PATIENCE) } : {};
  // Who limits a rate or says when to come back has not taken it.
  if (status === 429 || (status === 503 && seconds > 0)) {
    return { kind: "later", reason, ...patience };
  }
  if (status === 408 || status >= 500) return { kind: "unknown", reason, ...patience };
  return { kind: "refused", reason };
}

/** The value of a body in JSON; undefined if it is none. */
export function jsonOf(body: string): unknown {
  try {
    return JSON.parse(body) as unknown;
  } catch {
    return undefined;
  }
}

/** An error's code or name as another system says it, fit for a log: a word, or nothing. */
export function wordOf(value: unknown): string {
  return typeof value === "string" && /^[\w.:-]{1,64}$/.test(value) ? value : "an error";
}

async function beginningOf(answer: Response): Promise<string> {
  const chunks: Uint8Array[] = [];
  let bytes = 0;
  for await (const chunk of answer.body ?? []) {
    chunks.push(chunk);
    bytes += chunk.length;
    if (bytes >= MOST_BYTES) break;
  }
  return Buffer.concat(chunks).toString();
}

/** Seconds of a Retry-After, which is a number of them or a date; NaN if it is neither. */
function secondsOf(retryAfter: string): number {
  return /^\d+$/.test(retryAfter)
    ? Number(retryAfter)
    : Math.ceil((Date.parse(retryAfter) - Date.now()) / 1000);
}
