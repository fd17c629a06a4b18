import { empty, json, refused } from "../answer.ts";
import type { Dialect } from "../dialects/dialect.ts";
import { objectBody } from "../dialects/json-body.ts";
import type { Flags } from "./flags.ts";
import { vwoSubmission } from "./vwo-event.ts";
import { vwoSettings } from "./vwo-settings.ts";

/** One event. */
const MAX_BYTES = 256 * 1024;

/** VWO Feature Experimentation: the settings, and the events of its SDKs. */
export function vwo(flags: Flags): Dialect {
  return {
    name: "vwo",
    endpoints: [
      {
        kind: "page",
        method: "GET",
        path: "/server-side/v2-settings",
        maxBytes: 0,
        page: (_, writeKey) => json(200, vwoSettings(flags.current, writeKey)),
      },
      {
        kind: "events",
        method: "POST",
        path: "/events/t",
        maxBytes: MAX_BYTES,
        decode: ({ body, at }) => ({
          writeKey: undefined,
          submissions: [vwoSubmission(objectBody(body), flags.current, at, body)],
        }),
      },
    ],
    keyOf: ({ query }) => {
      const asked = new URLSearchParams(query);
      return asked.get("i") || asked.get("env") || undefined;
    },
    keyIn: () => undefined,
    // Nothing but 200 is success.
    accepted: () => empty(200),
    // Only 400 is not sent again.
    refused: (refusal) =>
      refusal.status === 413 ? refused({ ...refusal, status: 400 }) : refused(refusal),
  };
}
