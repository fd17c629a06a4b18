import { isUtf8 } from "node:buffer";
import type { IncomingHttpHeaders } from "node:http";

import type { EventType } from "../../contract/event.ts";
import { errorBody, json } from "../answer.ts";
import type { Answer } from "../answer.ts";
import { elementSlices } from "../json-slices.ts";
import { MalformedBody } from "./dialect.ts";
import type { Decoded, Dialect, EventsEndpoint, Received, Submission } from "./dialect.ts";
import { segmentDraft } from "./segment-event.ts";
import type { Envelope } from "./segment-event.ts";

/** Limits of Segment's HTTP API; its SDKs stay a little below. */
const MAX_EVENT_BYTES = 32 * 1024;
const MAX_BATCH_BYTES = 500 * 1024;
const MAX_BATCH_EVENTS = 2_500;

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

/** Segment's HTTP tracking API, as its SDKs for servers and browsers speak it. */
export const segment: Dialect = {
  name: "segment",
  endpoints: [
    ...["/v1/batch", "/v1/b"].map((path) => eventsEndpoint(path, MAX_BATCH_BYTES, decodeBatch)),
    ...Object.entries(SINGLE).map(([path, type]) =>
      // Headroom for the write key and the time of sending around the event.
      eventsEndpoint(path, MAX_EVENT_BYTES + 1024, (body, received) =>
        decodeSingle(body, { type, receivedAt: received.at }),
      ),
    ),
    { kind: "page", method: "GET", path: "/v1/projects/:key/settings", page: settings },
  ],
  headerKey,
  keyIn: (unreadable) =>
    /"writeKey"\s*:\s*"([^"\\]{1,128})"/.exec(unreadable.toString("latin1"))?.[1],
  accepted: () => json(200, { success: true }),
  refused: (status, code, message, retryAfterSeconds) =>
    json(
      status,
      { success: false, ...errorBody(code, message) },
      retryAfterSeconds === undefined ? {} : { "retry-after": String(retryAfterSeconds) },
    ),
};

function eventsEndpoint(
  path: string,
  maxBytes: number,
  decode: EventsEndpoint["decode"],
): EventsEndpoint {
  return { kind: "events", method: "POST", path, maxBytes, decode };
}

/** User name of HTTP Basic; undefined if there is none. */
function headerKey({ authorization }: IncomingHttpHeaders): string | undefined {
  const basic = /^Basic ([A-Za-z0-9+/=_-]+)$/i.exec(authorization ?? "")?.[1];
  return (basic && Buffer.from(basic, "base64").toString("latin1").split(":", 1)[0]) || undefined;
}

function decodeSingle(body: Buffer, envelope: Envelope): Decoded {
  const sent = parse(body);
  return {
    writeKey: keyOf(sent),
    submissions: [{ draft: segmentDraft(sent, envelope), sent, raw: () => body }],
  };
}

function decodeBatch(body: Buffer, received: Received): Decoded {
  const sent = parse(body);
  const { batch, sentAt } = sent;
  if (!Array.isArray(batch)) throw new MalformedBody("batch must be an array of events");
  if (batch.length > MAX_BATCH_EVENTS) {
    throw new MalformedBody(
      `batch must hold at most ${MAX_BATCH_EVENTS} events, got ${batch.length}`,
    );
  }
  let slices: Buffer[] | undefined;
  const raw = (index: number): Buffer => (slices ??= elementSlices(body, "batch"))[index]!;
  const envelope: Envelope = { sentAt, receivedAt: received.at };
  const submissions = batch.map((event: unknown, index): Submission => {
    // A body below the limit has no event above it: nothing to measure.
    const bytes = body.length > MAX_EVENT_BYTES ? raw(index).length : 0;
    const draft =
      bytes > MAX_EVENT_BYTES
        ? { reason: `event must be at most ${MAX_EVENT_BYTES} bytes, got ${bytes}` }
        : segmentDraft(event, envelope);
    return { draft, sent: event, raw: () => raw(index) };
  });
  return { writeKey: keyOf(sent), submissions };
}

function parse(body: Buffer): Record<string, unknown> {
  if (!isUtf8(body)) throw new MalformedBody("body must be UTF-8");
  let value: unknown;
  try {
    value = JSON.parse(body.toString());
  } catch {
    throw new MalformedBody("body must be JSON");
  }
  if (typeof value !== "object" || value === null || Array.isArray(value)) {
    throw new MalformedBody("body must be a JSON object");
  }
  return value as Record<string, unknown>;
}

function keyOf({ writeKey }: Record<string, unknown>): string | undefined {
  return typeof writeKey === "string" && writeKey !== "" ? writeKey : undefined;
}

/**
 * Settings of analytics.js: only the destination that is this collector, at the address that was asked.
 *
 * Any other key in `integrations` would make it load scripts, `metrics` at its default send telemetry.
 */
function settings(writeKey: string, headers: IncomingHttpHeaders): Answer {
  const { host } = headers;
  const address =
    host !== undefined && /^[\w.:[\]-]{1,255}$/.test(host)
      ? {
          apiHost: `${host}/v1`,
          protocol: headers["x-forwarded-proto"] === "https" ? "https" : "http",
        }
      : {};
  return json(200, {
    integrations: { "Segment.io": { apiKey: writeKey, ...address } },
    plan: {},
    metrics: { sampleRate: 0 },
  });
}
