import { empty, refused } from "../answer.ts";
import { elementSlices, withOnlyElement } from "../json-slices.ts";
import { checkCount } from "./batch.ts";
import { MalformedBody } from "./dialect.ts";
import type { Call, Decoded, Dialect, Submission } from "./dialect.ts";
import { without } from "./fields.ts";
import type { Fields } from "./fields.ts";
import { ga4Draft } from "./ga4-event.ts";
import { validationPage } from "./ga4-validation.ts";
import { gtagDraft } from "./gtag-event.ts";
import { objectBody, textBody } from "./json-body.ts";

/** Limits of the Measurement Protocol; what its events share is stored with each. */
const MAX_BYTES = 130 * 1024;
const MAX_EVENTS = 25;

const REQUEST_ONLY = new Set(["events"]);

/** GA4: the Measurement Protocol with its debug endpoint, and what gtag.js sends to a server container. */
export const ga4: Dialect = {
  name: "ga4",
  endpoints: [
    {
      kind: "events",
      method: "POST",
      path: "/mp/collect",
      maxBytes: MAX_BYTES,
      decode: decodeProtocol,
    },
    {
      kind: "page",
      method: "POST",
      path: "/debug/mp/collect",
      maxBytes: MAX_BYTES,
      page: validationPage,
    },
    ...(["GET", "POST"] as const).map((method) => ({
      kind: "events" as const,
      method,
      path: "/g/collect",
      maxBytes: MAX_BYTES,
      decode: decodeHits,
    })),
  ],
  keyOf: ({ query }) => {
    const params = new URLSearchParams(query);
    return params.get("api_secret") || params.get("tid") || undefined;
  },
  keyIn: () => undefined,
  accepted: () => empty(204),
  // Google never says that something is wrong with an event; who wants to know asks the debug endpoint.
  refused: (refusal) =>
    refusal.status === 400 || refusal.status === 413 ? empty(204) : refused(refusal),
};

/** The data stream that a request of the Measurement Protocol names. */
function streamOf(query: string): Fields {
  const params = new URLSearchParams(query);
  return Object.fromEntries(
    ["measurement_id", "firebase_app_id"]
      .map((name) => [name, params.get(name)] as const)
      .filter(([, value]) => value !== null),
  );
}

function decodeProtocol({ body, query, at }: Call): Decoded {
  const request = objectBody(body);
  const { events } = request;
  if (!Array.isArray(events)) throw new MalformedBody("events must be an array");
  checkCount(events.length, MAX_EVENTS);
  const shared = without(request, REQUEST_ONLY);
  const stream = streamOf(query);
  let slices: Buffer[] | undefined;
  return {
    writeKey: undefined,
    submissions: events.map((event: unknown, index): Submission => ({
      draft: ga4Draft(event, request, stream, at),
      sent: { shared, index, event },
      raw: () =>
        withOnlyElement(body, "events", (slices ??= elementSlices(body, "events"))[index]!),
    })),
  };
}

function decodeHits({ body, query, at }: Call): Decoded {
  const lines = textBody(body).split(/\r?\n/).filter(Boolean);
  checkCount(lines.length, MAX_EVENTS);
  // What several hits share is in the query; a single one is there as a whole.
  const hits = lines.length === 0 ? [query] : lines.map((line) => `${query}&${line}`);
  return {
    writeKey: undefined,
    submissions: hits.map((hit): Submission => {
      const params = new URLSearchParams(hit);
      return {
        draft: gtagDraft(params, at),
        sent: [...params],
        raw: () => Buffer.from(hit),
      };
    }),
  };
}
