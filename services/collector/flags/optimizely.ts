import { empty, json, refused } from "../answer.ts";
import type { Answer } from "../answer.ts";
import { checkCount, MAX_EVENTS } from "../dialects/batch.ts";
import { MalformedBody } from "../dialects/dialect.ts";
import type { Call, Decoded, Dialect } from "../dialects/dialect.ts";
import { textOf } from "../dialects/fields.ts";
import { objectBody } from "../dialects/json-body.ts";
import { elementSlices, withOnlyElement } from "../json-slices.ts";
import type { Flags } from "./flags.ts";
import { optimizelyDatafile } from "./optimizely-datafile.ts";
import { visitorSubmissions } from "./optimizely-event.ts";

const MAX_BYTES = 3.5 * 1024 * 1024;
const MAX_VISITORS = 1_000;

/** Optimizely Feature Experimentation: the datafile, and the events that its SDKs dispatch. */
export function optimizely(flags: Flags): Dialect {
  return {
    name: "optimizely",
    endpoints: [
      {
        kind: "page",
        method: "GET",
        path: "/datafiles/:key.json",
        maxBytes: 0,
        page: (call, writeKey) => datafile(flags, call, writeKey),
      },
      {
        kind: "events",
        method: "POST",
        path: "/v1/events",
        maxBytes: MAX_BYTES,
        decode: (call) => decode(flags, call),
      },
    ],
    keyOf: ({ pathKey }) => pathKey || undefined,
    keyIn: (undecoded) =>
      /"account_id"\s*:\s*"([^"\\]{1,128})"/.exec(undecoded.toString("latin1"))?.[1],
    accepted: () => empty(204),
    // Its SDKs send a batch again whatever is wrong with it: it is kept, and that is enough.
    refused: (refusal) =>
      refusal.status === 400 || refusal.status === 413 ? empty(204) : refused(refusal),
  };
}

/** Its SDKs send back when it was last changed, and nothing else to know it by. */
function datafile({ current }: Flags, { headers }: Call, writeKey: string): Answer {
  const lastModified = new Date(current.since).toUTCString();
  const caching = { "last-modified": lastModified, "cache-control": "no-cache" };
  return headers["if-modified-since"] === lastModified
    ? { status: 304, headers: caching, body: "" }
    : json(200, optimizelyDatafile(current, writeKey), caching);
}

function decode(flags: Flags, { body, at }: Call): Decoded {
  const batch = objectBody(body);
  const { account_id: account, visitors } = batch;
  if (!Array.isArray(visitors)) throw new MalformedBody("visitors must be an array");
  checkCount(visitors.length, MAX_VISITORS);
  checkCount(
    visitors.reduce((sum: number, visitor) => sum + eventsOf(visitor), 0),
    MAX_EVENTS,
  );
  let slices: Buffer[] | undefined;
  return {
    writeKey: textOf(account) ?? undefined,
    submissions: visitors.flatMap((visitor: unknown, index) =>
      visitorSubmissions(visitor, batch, flags.current, at, () =>
        withOnlyElement(body, "visitors", (slices ??= elementSlices(body, "visitors"))[index]!),
      ),
    ),
  };
}

/** How many submissions a visitor is. */
function eventsOf(visitor: unknown): number {
  const { snapshots } = Object(visitor) as { snapshots?: unknown };
  if (!Array.isArray(snapshots)) return 1;
  return snapshots.reduce((sum: number, snapshot) => {
    const { events } = Object(snapshot) as { events?: unknown };
    return sum + (Array.isArray(events) ? events.length : 1);
  }, 0);
}
