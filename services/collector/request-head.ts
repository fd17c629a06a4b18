import type { IncomingHttpHeaders } from "node:http";

/** The head of a request whose body is as long as `content-length` says. */
export interface RequestHead {
  /** Path and query, as they came. */
  readonly url: string;
  /** As `node:http` has them. */
  readonly headers: IncomingHttpHeaders;
  /** Where the body begins, in bytes. */
  readonly bodyAt: number;
  /** Bytes of the body. */
  readonly contentLength: number;
}

/** Longest head that is read here, in bytes. */
const MAX_HEAD_BYTES = 8 * 1024;

const END = Buffer.from("\r\n\r\n");

/** What every SDK writes, and servers read alike: much less than the standards allow. */
const METHOD = "POST ";
const VERSION = " HTTP/1.1\r\n";
const URL = /^\/[\w\-.~!$&'()*+,;=:@%/?]*$/;
const NAME = /^[\w-]{1,64}$/;
const VALUE = /^[\t\x20-\x7e]*$/;
const CONTENT_LENGTH = /^\d{1,9}$/;

/** Headers that a connection or a body is other than here by, or that may come more than once. */
const ELSEWHERE = new Set([
  "expect",
  "http2-settings",
  "keep-alive",
  "proxy-connection",
  "set-cookie",
  "te",
  "trailer",
  "transfer-encoding",
  "upgrade",
]);

/**
 * The head that bytes begin with.
 *
 * Only of a plain request: POST, HTTP/1.1, each header once, a `host` and a `content-length`, nothing about the connection but
 * that it is kept. Of all else undefined, and that is for a server to read which knows all of HTTP.
 */
export function requestHead(bytes: Buffer): RequestHead | undefined {
  const end = bytes.indexOf(END);
  if (end < 0 || end > MAX_HEAD_BYTES) return undefined;
  const text = bytes.toString("latin1", 0, end + 2);
  const version = text.indexOf(VERSION);
  if (version < 0 || !text.startsWith(METHOD)) return undefined;
  const url = text.slice(METHOD.length, version);
  const headers = URL.test(url) ? headersIn(text, version + VERSION.length) : undefined;
  const length = headers?.["content-length"];
  if (headers?.host === undefined || length === undefined) return undefined;
  if (!CONTENT_LENGTH.test(length)) return undefined;
  return { url, headers, bodyAt: end + END.length, contentLength: Number(length) };
}

function headersIn(text: string, from: number): IncomingHttpHeaders | undefined {
  const headers: IncomingHttpHeaders = {};
  let at = from;
  while (at < text.length) {
    const end = text.indexOf("\r\n", at);
    const colon = text.indexOf(":", at);
    if (colon < 0 || colon > end) return undefined;
    const name = nameOf(text.slice(at, colon));
    const value = text.slice(colon + 1, end);
    // Also what every object has, such as `constructor`.
    if (name === undefined || name in headers || !VALUE.test(value)) return undefined;
    headers[name] = value.trim();
    at = end + 2;
  }
  const { connection } = headers;
  return connection === undefined || connection.toLowerCase() === "keep-alive"
    ? headers
    : undefined;
}

/** Names by how they were written: SDKs write the same ones again and again. */
const names = new Map<string, string>();
const MOST_NAMES = 200;

/** The name of a header in small letters; undefined if it is not for here. */
function nameOf(written: string): string | undefined {
  const known = names.get(written);
  if (known !== undefined) return known;
  const name = written.toLowerCase();
  const found = NAME.test(name) && !ELSEWHERE.has(name) ? name : undefined;
  if (names.size < MOST_NAMES && found !== undefined) names.set(written, found);
  return found;
}
