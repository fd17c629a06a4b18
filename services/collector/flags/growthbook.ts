import { empty, json, refused } from "../answer.ts";
import type { Answer } from "../answer.ts";
import { checkCount } from "../dialects/batch.ts";
import { MalformedBody } from "../dialects/dialect.ts";
import type { Call, Decoded, Dialect } from "../dialects/dialect.ts";
import { jsonBody } from "../dialects/json-body.ts";
import { arraySlices } from "../json-slices.ts";
import type { Flags } from "./flags.ts";
import { growthbookSubmission } from "./growthbook-event.ts";
import { growthbookFeatures } from "./growthbook-features.ts";

/** As many events as its plugin queues, with room for large ones. */
const MAX_BYTES = 1024 * 1024;
const MAX_EVENTS = 1_000;

/** Streams at one time, of all pages and apps: each holds a connection for as long as its sender likes. */
const MAX_STREAMS = 2_000;
const RETRY_AFTER_SECONDS = 60;

/** A stream that says nothing is closed by what stands between. */
const HEARTBEAT_MS = 15_000;

/** GrowthBook's features, how they change, and the events of its tracking plugin. */
export function growthbook(flags: Flags): Dialect {
  const streams = { count: 0 };
  return {
    name: "growthbook",
    endpoints: [
      {
        kind: "page",
        method: "GET",
        path: "/api/features/:key",
        maxBytes: 0,
        page: () =>
          json(200, growthbookFeatures(flags.current), {
            "cache-control": "no-cache",
            // Makes its SDK open the stream.
            "x-sse-support": "enabled",
          }),
      },
      {
        kind: "page",
        method: "GET",
        path: "/sub/:key",
        maxBytes: 0,
        page: () => changes(flags, streams),
      },
      {
        kind: "events",
        method: "POST",
        path: "/track",
        maxBytes: MAX_BYTES,
        claims: ({ query }) => clientKey(query) !== undefined,
        decode: (call) => decode(flags, call),
      },
    ],
    keyOf: ({ pathKey, query }) => pathKey || clientKey(query),
    keyIn: () => undefined,
    accepted: () => empty(200),
    refused,
  };
}

/** Tells an SDK at each change that it has to load the features anew. */
function changes(flags: Flags, streams: { count: number }): Answer {
  if (streams.count >= MAX_STREAMS) {
    return refused({
      status: 503,
      code: "unavailable",
      message: "too many streams, try again later",
      retryAfterSeconds: RETRY_AFTER_SECONDS,
    });
  }
  return {
    status: 200,
    headers: { "content-type": "text/event-stream", "cache-control": "no-cache" },
    body: "retry: 5000\n\n",
    stream: (write, end) => {
      streams.count += 1;
      const timer = setInterval(() => write(":\n\n"), HEARTBEAT_MS);
      const stop = flags.watch({
        changed: () => write("event: features-updated\ndata:\n\n"),
        ended: end,
      });
      return () => {
        streams.count -= 1;
        clearInterval(timer);
        stop();
      };
    },
  };
}

function decode(flags: Flags, { body, at }: Call): Decoded {
  const events = jsonBody(body);
  if (!Array.isArray(events)) throw new MalformedBody("body must be a JSON array of events");
  checkCount(events.length, MAX_EVENTS);
  let slices: Buffer[] | undefined;
  return {
    writeKey: undefined,
    submissions: events.map((event: unknown, index) =>
      growthbookSubmission(event, flags.current, at, () => (slices ??= arraySlices(body))[index]!),
    ),
  };
}

function clientKey(query: string): string | undefined {
  return new URLSearchParams(query).get("client_key") || undefined;
}
