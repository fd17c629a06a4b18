import { json, refused } from "../answer.ts";
import { arraySlices, elementSlices } from "../json-slices.ts";
import { submissionsOf } from "./batch.ts";
import { dataField } from "./data-field.ts";
import { MalformedBody } from "./dialect.ts";
import type { Call, Decoded, Dialect, Draft, Unusable } from "./dialect.ts";
import { isFields } from "./fields.ts";
import type { Fields } from "./fields.ts";
import { jsonBody } from "./json-body.ts";
import { posthogDraft } from "./posthog-event.ts";
import { configPage, configScript, definitionsPage, flagsPage } from "./posthog-pages.ts";

/** A batch of 100 events, with room for large ones. */
const MAX_BYTES = 10 * 1024 * 1024;

/** PostHog's capture API with what its SDKs ask for besides. */
export const posthog: Dialect = {
  name: "posthog",
  endpoints: [
    ...["/batch", "/capture", "/e", "/i/v0/e", "/i/v0/ai/batch"].map((path) => ({
      kind: "events" as const,
      method: "POST" as const,
      path,
      maxBytes: MAX_BYTES,
      decode,
    })),
    ...["/flags", "/decide"].map((path) => ({
      kind: "page" as const,
      method: "POST" as const,
      path,
      maxBytes: MAX_BYTES,
      page: flagsPage,
    })),
    { kind: "page", method: "GET", path: "/flags/definitions", maxBytes: 0, page: definitionsPage },
    { kind: "page", method: "GET", path: "/array/:key/config", maxBytes: 0, page: configPage },
    { kind: "page", method: "GET", path: "/array/:key/config.js", maxBytes: 0, page: configScript },
  ],
  keyOf: ({ pathKey, query }) => pathKey || new URLSearchParams(query).get("token") || undefined,
  keyIn: (undecoded) =>
    /"(?:api_key|token)"\s*:\s*"([^"\\]{1,128})"/.exec(jsonIn(undecoded).toString("latin1"))?.[1],
  accepted: () => json(200, { status: 1 }),
  refused,
};

function decode({ body, at }: Call): Decoded {
  const text = jsonIn(body);
  const sent = jsonBody(text);
  if (Array.isArray(sent)) {
    return ofOneKey(sent, () => arraySlices(text), toDraft(undefined));
  }
  if (!isFields(sent)) throw new MalformedBody("body must be a JSON object or array");
  const { batch, sent_at: sentAt } = sent;
  if (batch === undefined) {
    return {
      writeKey: keyIn(sent),
      submissions: submissionsOf([sent], () => [text], toDraft(sentAt)),
    };
  }
  if (!Array.isArray(batch)) throw new MalformedBody("batch must be an array of events");
  const slices = (): Buffer[] => elementSlices(text, "batch");
  const writeKey = keyIn(sent);
  // Said beside the events, it is that of all of them: a property `token` may be anything then.
  return writeKey === undefined
    ? ofOneKey(batch, slices, toDraft(sentAt))
    : { writeKey, submissions: submissionsOf(batch, slices, toDraft(sentAt)) };

  function toDraft(sentAt: unknown) {
    return (event: unknown) => posthogDraft(event, { sentAt, receivedAt: at });
  }
}

/** Events that say their write key themselves: one in all of a request. */
function ofOneKey(
  events: readonly unknown[],
  slices: () => readonly Buffer[],
  toDraft: (event: unknown) => Draft | Unusable,
): Decoded {
  const writeKey = events.map(keyIn).find((one) => one !== undefined);
  const submissions = submissionsOf(events, slices, (event) =>
    (keyIn(event) ?? writeKey) === writeKey
      ? toDraft(event)
      : { reason: "token must be the same in all of a request" },
  );
  return { writeKey, submissions };
}

/** The JSON text of a body, which pages that are being closed send as a form in base64. */
function jsonIn(body: Buffer): Buffer {
  return (body.toString("latin1", 0, 5) === "data=" && dataField(body.toString())) || body;
}

/** Write key of a batch, or of an event. */
function keyIn(value: unknown): string | undefined {
  if (!isFields(value)) return undefined;
  const properties = (isFields(value.properties) ? value.properties : {}) as Fields;
  const key = value.api_key ?? value.token ?? properties.token;
  return typeof key === "string" && key !== "" ? key : undefined;
}
