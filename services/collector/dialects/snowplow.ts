import { refused } from "../answer.ts";
import { elementSlices } from "../json-slices.ts";
import { submissionsOf } from "./batch.ts";
import { MalformedBody } from "./dialect.ts";
import type { Call, Decoded, Dialect, Submission } from "./dialect.ts";
import { isFields } from "./fields.ts";
import { objectBody } from "./json-body.ts";
import { snowplowDraft } from "./snowplow-event.ts";

/** Limit of Snowplow's own collector; the SDKs send 40 kB. */
const MAX_BYTES = 1024 * 1024;

/** A transparent pixel, all of it ASCII. */
const PIXEL = `GIF89a\x01\0\x01\0\0\0\0,\0\0\0\0\x01\0\x01\0\0\x02\x02D\x01\0;`;

/** Snowplow's tracker protocol. */
export const snowplow: Dialect = {
  name: "snowplow",
  endpoints: [
    {
      kind: "events",
      method: "POST",
      path: "/com.snowplowanalytics.snowplow/tp2",
      maxBytes: MAX_BYTES,
      decode: decodePayload,
    },
    { kind: "events", method: "GET", path: "/i", maxBytes: 0, decode: decodePixel },
  ],
  keyOf: ({ query }) => new URLSearchParams(query).get("aid") || undefined,
  keyIn: (undecoded) => /"aid"\s*:\s*"([^"\\]{1,128})"/.exec(undecoded.toString("latin1"))?.[1],
  accepted: ({ query }) =>
    query === ""
      ? { status: 200, headers: { "content-type": "text/plain" }, body: "ok" }
      : { status: 200, headers: { "content-type": "image/gif" }, body: PIXEL },
  // Its SDKs send again what is refused with any other 4xx than a few, of which 413 is none.
  refused: (refusal) => refused(refusal.status === 413 ? { ...refusal, status: 400 } : refusal),
};

function decodePayload({ body, at }: Call): Decoded {
  const { data } = objectBody(body);
  if (!Array.isArray(data)) throw new MalformedBody("data must be an array of events");
  const appId = data.map(appIdOf).find((one) => one !== undefined);
  return {
    writeKey: appId,
    submissions: submissionsOf(
      data,
      () => elementSlices(body, "data"),
      (event) =>
        (appIdOf(event) ?? appId) === appId
          ? snowplowDraft(event, at)
          : { reason: "aid must be the same in all of a request" },
    ),
  };
}

function decodePixel({ query, at }: Call): Decoded {
  const sent = Object.fromEntries(new URLSearchParams(query));
  const submission: Submission = {
    draft: snowplowDraft(sent, at),
    sent,
    raw: () => Buffer.from(query),
  };
  return { writeKey: undefined, submissions: [submission] };
}

function appIdOf(event: unknown): string | undefined {
  return isFields(event) && typeof event.aid === "string" && event.aid !== ""
    ? event.aid
    : undefined;
}
