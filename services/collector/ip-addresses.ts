import { isIPv4, isIPv6 } from "node:net";

/** What may be an address of v4. */
const V4 = /\d{1,3}(?:\.\d{1,3}){3}/g;

/** What may be one of v6, or of v4 written as one. In URLs the colons are escaped. Takes no longer than the text is. */
const V6 = /[\da-f]{0,4}(?:(?::|%3a)[\da-f]{0,4}){2,}(?:\.\d{1,3}){0,3}/gi;

/** What every text with one of v6 has in it, and few without: colons that are not those of a time. Found faster. */
const V6_HINT = /(?<!T\d\d):[\da-f]{0,4}:|%3a/i;

/** What stands before one that is no part of a word, a number, a path or a URL: it may be an escape of URL or JSON. */
const BEGINNING = /(?:^|[^\w./%-]|%[\da-f]{2}|\\[nrt]|\\u[\da-f]{4})$/i;

/** What stands before one that Java wrote, `/203.0.113.77:8080`: a slash that is not within a path, a URL or behind a name. */
const SLASH = /(?:^|[^\w./%\\)-])\\?\/$/;

/** What stands behind one. */
const END = /^(?![\w-]|\.\w)/;

/** What stands behind the first part of a path. */
const PATH = /^\\?\//;

/** What stands before four numbers that are no address: the name of a version. */
const VERSION = /version\\*["']?\s*[:=]\s*\\*["']?$/i;

/** Up to where the id of an event stands, in JSON as the collector writes it. */
const OWN_ID = /^\{"source":"[\w-]*","id":"(?:[^"\\]|\\.)*"/;

/** Groups of v6 that are written out at least; ids like `12::34` have fewer, and no household's address has. */
const MIN_GROUPS = 3;

/** Characters before a candidate in which its name is looked for. */
const NAME_CHARACTERS = 24;

/**
 * A text with its IP addresses truncated, so that none is one household's: of v4 the last 8 bits are 0, of v6 all
 * after the first 48. Everything else stays as it is.
 */
export function truncateAddresses(text: string): string {
  return truncatedFrom(0, text);
}

/** {@link truncateAddresses} of an event's JSON, but for its own id: cut, it would be that of another one. */
export function truncateAddressesOfEvent(json: string): string {
  return truncatedFrom(OWN_ID.exec(json)?.[0].length ?? 0, json);
}

/** {@link truncateAddresses} of bytes in any encoding that has ASCII in it; all others stay. */
export function truncateAddressesIn(bytes: Buffer): Buffer {
  const text = bytes.toString("latin1");
  const truncated = truncateAddresses(text);
  return truncated === text ? bytes : Buffer.from(truncated, "latin1");
}

function truncatedFrom(start: number, text: string): string {
  const withoutV6 = V6_HINT.test(text) ? replaceAddresses(start, text, V6, withoutHost) : text;
  return replaceAddresses(start, withoutV6, V4, (address, before) =>
    isIPv4(address) && !VERSION.test(before) ? truncatedV4(address) : address,
  );
}

/** Replaces what looks like an address and stands by itself, from `start` on. */
function replaceAddresses(
  start: number,
  text: string,
  pattern: RegExp,
  by: (address: string, before: string) => string,
): string {
  return text.replace(pattern, (candidate: string, at: number) => {
    if (at < start) return candidate;
    const end = at + candidate.length;
    const behind = text.slice(end, end + 2);
    if (!END.test(behind)) return candidate;
    // A name without quotation marks ends in a colon.
    const colon = /^:(?!:)/.test(candidate) ? 1 : 0;
    const before = text.slice(Math.max(0, at - NAME_CHARACTERS), at + colon);
    const isBegun = BEGINNING.test(before) || (SLASH.test(before) && !PATH.test(behind));
    if (!isBegun) return candidate;
    return candidate.slice(0, colon) + by(candidate.slice(colon), before);
  });
}

/** An address of v6 truncated; anything else as it is. */
function withoutHost(written: string): string {
  const address = written.replaceAll(/%3a/gi, ":");
  const groups = address.split(/:+/).filter((group) => group !== "");
  if (!isIPv6(address) || groups.length < (address.includes(".") ? 1 : MIN_GROUPS)) return written;
  const truncated = truncatedV6(address);
  return address === written ? truncated : truncated.replaceAll(":", "%3A");
}

function truncatedV4(address: string): string {
  return address.replace(/\d+$/, "0");
}

function truncatedV6(address: string): string {
  // An address of v4 written as one of v6.
  if (address.includes(".")) return truncatedV4(address);
  const [head, tail] = address.split("::") as [string, string?];
  const first = head === "" ? [] : head.split(":");
  const last = tail === undefined || tail === "" ? [] : tail.split(":");
  const zeros = Array<string>(Math.max(0, 8 - first.length - last.length)).fill("0");
  return `${[...first, ...zeros, ...last].slice(0, 3).join(":")}::`;
}
