import type { EventType } from "../../contract/event.ts";
import { json, refusalBody, retryAfter } from "../answer.ts";
import type { Answer } from "../answer.ts";
import { basicUser } from "./basic-auth.ts";
import type { Call, Dialect, EventsEndpoint } from "./dialect.ts";
import { MAX_EVENT_BYTES, writeKeyIn } from "./segment-body.ts";
import { readBatch, readSingle } from "./segment-plain.ts";

/** Limit of Segment's HTTP API; its SDKs stay a little below. */
const MAX_BATCH_BYTES = 500 * 1024;

/** Paths of single events: the HTTP API's and the short ones of analytics.js. */
const SINGLE: Readonly<Record<string, EventType>> = {
  "/v1/track": "track",
  "/v1/t": "track",
  "/v1/identify": "identify",
  "/v1/i": "identify",
  "/v1/page": "page",
  "/v1/p": "page",
  "/v1/screen": "screen",
  "/v1/s": "screen",
  "/v1/group": "group",
  "/v1/g": "group",
  "/v1/alias": "alias",
  "/v1/a": "alias",
};

const ACCEPTED = json(200, { success: true });

/** Segment's HTTP tracking API, as its SDKs for servers and browsers speak it. */
export const segment: Dialect = {
  name: "segment",
  endpoints: [
    ...["/v1/batch", "/v1/b", "/v1/import"].map((path) =>
      eventsEndpoint(path, MAX_BATCH_BYTES, ({ body, at }) => readBatch(body, at)),
    ),
    ...Object.entries(SINGLE).map(([path, type]) =>
      // Headroom for the write key and the time of sending around the event.
      eventsEndpoint(path, MAX_EVENT_BYTES + 1024, ({ body, at }) => readSingle(body, type, at)),
    ),
    {
      kind: "page",
      method: "GET",
      path: "/v1/projects/:key/settings",
      maxBytes: 0,
      page: settings,
    },
  ],
  keyOf: ({ pathKey, headers }) => pathKey || basicUser(headers),
  keyIn: writeKeyIn,
  accepted: () => ACCEPTED,
  refused: (refusal) =>
    json(refusal.status, { success: false, ...refusalBody(refusal) }, retryAfter(refusal)),
};

function eventsEndpoint(
  path: string,
  maxBytes: number,
  decode: EventsEndpoint["decode"],
): EventsEndpoint {
  return { kind: "events", method: "POST", path, maxBytes, decode };
}

/**
 * Settings of analytics.js: only the destination that is this collector, at the address that was asked.
 *
 * Any other key in `integrations` would make it load scripts, `metrics` at its default send telemetry.
 */
function settings({ headers, isTls }: Call, writeKey: string): Answer {
  const { host, "x-forwarded-proto": forwarded } = headers;
  // Of several proxies, the first named is the one that the page asked.
  const isHttps = forwarded === undefined ? isTls : /^\s*https\s*(,|$)/i.test(String(forwarded));
  const address =
    host !== undefined && /^[\w.:[\]-]{1,255}$/.test(host)
      ? {
          apiHost: `${host}/v1`,
          protocol: isHttps ? "https" : "http",
        }
      : {};
  return json(200, {
    integrations: { "Segment.io": { apiKey: writeKey, ...address } },
    plan: {},
    metrics: { sampleRate: 0 },
  });
}
