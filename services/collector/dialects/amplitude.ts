import { json, retryAfter } from "../answer.ts";
import type { Answer, Refusal } from "../answer.ts";
import { elementSlices } from "../json-slices.ts";
import { amplitudeDraft } from "./amplitude-event.ts";
import { submissionsOf } from "./batch.ts";
import { MalformedBody } from "./dialect.ts";
import type { Call, Decoded, Dialect } from "./dialect.ts";
import { objectBody } from "./json-body.ts";

/** Limit of the batch API; the SDKs send 200 events of any size. */
const MAX_BYTES = 20 * 1024 * 1024;

/** Amplitude's HTTP V2 and batch APIs, and the settings that its browser SDK asks for. */
export const amplitude: Dialect = {
  name: "amplitude",
  endpoints: [
    { kind: "events", method: "POST", path: "/2/httpapi", maxBytes: MAX_BYTES, decode },
    {
      kind: "events",
      method: "POST",
      path: "/batch",
      maxBytes: MAX_BYTES,
      claims: isAmplitudes,
      decode,
    },
    {
      kind: "page",
      method: "GET",
      path: "/config/:key",
      maxBytes: 0,
      // Nothing is configured from here.
      page: () => json(200, { configs: {} }),
    },
  ],
  keyOf: ({ pathKey }) => pathKey || undefined,
  keyIn: (undecoded) => /"api_key"\s*:\s*"([^"\\]{1,128})"/.exec(undecoded.toString("latin1"))?.[1],
  accepted: ({ body, at }, { length }) =>
    json(200, {
      code: 200,
      events_ingested: length,
      payload_size_bytes: body.length,
      server_upload_time: at,
    }),
  refused,
};

/** Of `/batch`, PostHog has another key first. */
function isAmplitudes({ body }: Call): boolean {
  const [events, batch] = [body.indexOf('"events"'), body.indexOf('"batch"')];
  return events >= 0 && (batch < 0 || events < batch);
}

function decode({ body, at }: Call): Decoded {
  const { api_key: key, events, client_upload_time: sentAt } = objectBody(body);
  if (!Array.isArray(events)) throw new MalformedBody("events must be an array");
  return {
    writeKey: typeof key === "string" && key !== "" ? key : undefined,
    submissions: submissionsOf(
      events,
      () => elementSlices(body, "events"),
      (event) => amplitudeDraft(event, { sentAt, receivedAt: at }),
    ),
  };
}

/** What is not retried must say what is missing: a bare 400 is sent again. */
function refused(refusal: Refusal): Answer {
  const { status, code, message } = refusal;
  switch (code) {
    case "unknown_write_key":
      return json(status, { code: 400, error: `Invalid API key: ${message}` });
    case "forbidden":
      return json(status, { code: 400, error: message, missing_field: "api_key" });
    case "malformed_body":
      return json(status, { code: 400, error: message, missing_field: "events" });
    default:
      return json(status, { code: status, error: message }, retryAfter(refusal));
  }
}
