import { createHash } from "node:crypto";
import { invalidField } from "./api-error.ts";
import { parseFilter } from "./filters/filter.ts";
import { matches, valueAt } from "./filters/matches.ts";
import type { Message } from "./protos/schema.ts";
import { requireLength } from "./rules/limits.ts";

/** Most messages in one page, and how many there are if the caller does not say. */
const MAX_PAGE = 1000;

/** One page of what a list call asked for. */
export interface Page {
  /** Undefined if there are none, as the canonical form leaves defaults out; so are the others. */
  readonly items: readonly Message[] | undefined;
  readonly nextPageToken: string | undefined;
  /** Messages in all pages. */
  readonly totalSize: number | undefined;
}

/**
 * The page of `messages` that a list request asks for by `filter`, `orderBy`, `pageSize` and `pageToken`.
 *
 * Ordered by name where the request does not say; pages neither skip nor repeat what stays, whatever
 * is created or deleted between two calls.
 *
 * @throws ApiError if one of the four is wrong.
 */
export function pageOf(messages: readonly Message[], request: Message): Page {
  const { filter = "", orderBy = "", pageSize = 0, pageToken } = request as ListRequest;
  if (pageSize < 0) throw invalidField("page_size", pageSize, "must not be negative.");
  const order = [...orderBy.split(",").filter(Boolean).map(readOrder), { path: ["name"], sign: 1 }];
  const query = createHash("sha256")
    .update(JSON.stringify([filter, orderBy]))
    .digest("base64url")
    .slice(0, 8);
  const after = pageToken === undefined ? undefined : readToken(pageToken, query, order.length);

  const found = select(messages, filter)
    .map((message) => ({
      message,
      keys: order.map(({ path }) => String(valueAt(path, message) ?? "")),
    }))
    .sort((a, b) => compareKeys(a.keys, b.keys, order));
  const rest = after ? found.filter(({ keys }) => compareKeys(keys, after, order) > 0) : found;
  const page = rest.slice(0, Math.min(pageSize || MAX_PAGE, MAX_PAGE));
  return {
    items: page.length > 0 ? page.map(({ message }) => message) : undefined,
    nextPageToken:
      page.length < rest.length
        ? Buffer.from(JSON.stringify([query, ...page.at(-1)!.keys])).toString("base64url")
        : undefined,
    totalSize: found.length || undefined,
  };
}

interface ListRequest {
  readonly filter?: string;
  readonly orderBy?: string;
  readonly pageSize?: number;
  readonly pageToken?: string;
}

interface Order {
  readonly path: readonly string[];
  readonly sign: number;
}

function select(messages: readonly Message[], filter: string): readonly Message[] {
  if (filter.trim() === "") return messages;
  requireLength("filter", filter, 2048);
  try {
    const parsed = parseFilter(filter);
    return messages.filter((message) => matches(parsed, message));
  } catch (error) {
    throw invalidField("filter", filter, (error as Error).message);
  }
}

function readOrder(text: string): Order {
  const [, minus, field, direction] =
    /^\s*(-?)([A-Za-z_.]+)(?:\s+(asc|desc))?\s*$/.exec(text) ?? [];
  if (!field)
    throw invalidField("order_by", text, "must be field names, each with a minus sign or none.");
  return { path: field.split("."), sign: minus === "-" || direction === "desc" ? -1 : 1 };
}

function readToken(token: string, query: string, length: number): string[] {
  try {
    const [from, ...keys] = JSON.parse(Buffer.from(token, "base64url").toString()) as string[];
    if (from === query && keys.length === length) return keys;
  } catch {
    // Falls through: whatever it is, it is not a token of ours.
  }
  throw invalidField(
    "page_token",
    token,
    "must be the next_page_token of a call with the same filter and order.",
  );
}

function compareKeys(a: readonly string[], b: readonly string[], order: readonly Order[]): number {
  for (const [index, { sign }] of order.entries()) {
    if (a[index]! !== b[index]!) return a[index]! < b[index]! ? -sign : sign;
  }
  return 0;
}
