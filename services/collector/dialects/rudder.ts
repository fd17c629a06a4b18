import { EVENT_TYPES } from "../../contract/event.ts";
import { json, refused } from "../answer.ts";
import type { Answer } from "../answer.ts";
import { basicUser } from "./basic-auth.ts";
import type { Call, Dialect, EventsEndpoint } from "./dialect.ts";
import { firstEvent } from "./first-event.ts";
import { rudderDraft } from "./rudder-event.ts";
import { decodeBatch, decodeSingle, MAX_EVENT_BYTES, writeKeyIn } from "./segment-body.ts";

/** Limit of RudderStack's HTTP API. */
const MAX_BATCH_BYTES = 4 * 1024 * 1024;

const SINGLE = EVENT_TYPES.filter((type) => type !== "exposure");

/** RudderStack's HTTP API, as its SDKs for servers and browsers speak it: Segment's but for a few fields. */
export const rudder: Dialect = {
  name: "rudderstack",
  endpoints: [
    ...["/v1/batch", "/beacon/v1/batch"].map((path) =>
      eventsEndpoint(path, MAX_BATCH_BYTES, firstEvent, ({ body, at }) =>
        decodeBatch(body, at, rudderDraft),
      ),
    ),
    ...SINGLE.map((type) =>
      eventsEndpoint(`/v1/${type}`, MAX_EVENT_BYTES, onlyEvent, ({ body, at }) =>
        decodeSingle(body, { type, receivedAt: at }, rudderDraft),
      ),
    ),
    { kind: "page", method: "GET", path: "/sourceConfig", maxBytes: 0, page: sourceConfig },
  ],
  keyOf: ({ query, headers }) =>
    basicUser(headers) ?? (new URLSearchParams(query).get("writeKey") || undefined),
  keyIn: writeKeyIn,
  accepted: () => json(200, "OK"),
  refused,
};

function eventsEndpoint(
  path: string,
  maxBytes: number,
  eventIn: (body: Buffer) => string,
  decode: EventsEndpoint["decode"],
): EventsEndpoint {
  const claims = ({ body }: Call): boolean => isRudders(body, eventIn(body));
  return { kind: "events", method: "POST", path, maxBytes, claims, decode };
}

/** A body that is one event, as far as it may be one, as text in latin1. */
function onlyEvent(body: Buffer): string {
  return body.toString("latin1", 0, MAX_EVENT_BYTES);
}

/**
 * What only its SDKs write, and what that for Python writes too. Apart, and the first without its quotes, V8 looks for them in a third
 * of the time.
 */
const OWN_WORD = /originalTimestamp|consentManagement/;
const OWN_KEY = /"(originalTimestamp|consentManagement)"/;
const CHANNEL = /"channel": ?"server"/;

/**
 * RudderStack's SDKs give the write key by HTTP Basic only. Most give events an `originalTimestamp`, that for Python gives them a
 * `timestamp` as Segment's do, and says the channel; what has Segment's word for consent is Segment's, whatever its channel is.
 *
 * @param event the first one in the body: all events of a batch are of one SDK.
 */
function isRudders(body: Buffer, event: string): boolean {
  if (OWN_WORD.test(event) && OWN_KEY.test(event)) return !body.includes('"writeKey"');
  return CHANNEL.test(event) && !body.includes('"consent"') && !body.includes('"writeKey"');
}

/** Settings of the browser SDK: no destination to load scripts of, no reports to RudderStack. */
function sourceConfig(_: Call, writeKey: string): Answer {
  return json(200, {
    source: {
      id: writeKey,
      name: "website",
      writeKey,
      enabled: true,
      workspaceId: "marketing-stack",
      config: { statsCollection: { errors: { enabled: false }, metrics: { enabled: false } } },
      destinations: [],
      connections: [],
      dataplanes: {},
    },
  });
}
