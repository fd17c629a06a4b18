import { json, retryAfter } from "../answer.ts";
import { arraySlices } from "../json-slices.ts";
import { basicUser } from "./basic-auth.ts";
import { checkCount, MAX_EVENTS, submissionsOf } from "./batch.ts";
import { dataField, escapedField } from "./data-field.ts";
import { MalformedBody } from "./dialect.ts";
import type { Call, Decoded, Dialect, Draft, EventsEndpoint, Unusable } from "./dialect.ts";
import { isFields } from "./fields.ts";
import { checkValues, jsonBody } from "./json-body.ts";
import { mixpanelDraft } from "./mixpanel-event.ts";
import { groupDraft, personDraft } from "./mixpanel-profile.ts";

/** Limit of `/import`; the SDKs send 50 events. */
const MAX_BYTES = 10 * 1024 * 1024;

/** Mixpanel's ingestion API, as its SDKs for servers and browsers speak it. */
export const mixpanel: Dialect = {
  name: "mixpanel",
  endpoints: [
    ...endpointsAt("/track", mixpanelDraft),
    ...endpointsAt("/import", mixpanelDraft),
    ...endpointsAt("/engage", personDraft),
    ...endpointsAt("/groups", groupDraft),
  ],
  // The token in the events counts; what authenticates an import is the name of who imports.
  keyOf: () => undefined,
  keyIn: (undecoded) =>
    /"\$?token"\s*:\s*"([^"\\]{1,128})"/.exec(
      (dataField(undecoded.toString()) ?? undecoded).toString("latin1"),
    )?.[1],
  accepted: (call, { length }) => {
    if (new URLSearchParams(call.query).get("strict") === "1")
      return json(200, { code: 200, num_records_imported: length, status: "OK" });
    return json(200, isVerbose(call) ? { status: 1, error: null } : 1);
  },
  refused: (refusal, call) => {
    const { status, message } = refusal;
    return json(status, isVerbose(call) ? { status: 0, error: message } : 0, retryAfter(refusal));
  },
};

/** Whether the answer must be more than a digit, as SDKs for Python and Ruby ask for beside `data` in the form. */
function isVerbose({ query, body }: Call): boolean {
  const isSaid = (form: string): boolean => escapedField(form, "verbose") === "1";
  return isSaid(query) || isSaid(body.toString("latin1"));
}

type ToDraft = (sent: unknown, receivedAt: number) => Draft | Unusable;

function endpointsAt(path: string, toDraft: ToDraft): EventsEndpoint[] {
  return (["GET", "POST"] as const).map((method) => ({
    kind: "events",
    method,
    path,
    maxBytes: MAX_BYTES,
    decode: (call) => decode(call, toDraft),
  }));
}

function decode({ body, query, headers, at }: Call, toDraft: ToDraft): Decoded {
  const text = dataField(body.length > 0 ? body.toString() : query) ?? body;
  const { events, slices } = eventsIn(text);
  const token = events.map(tokenOf).find((one) => one !== undefined);
  // Changes say no time, and the last of two counts: a millisecond lies between them.
  const cameAt = (index: number): number => at - (events.length - 1 - index);
  const submissions = submissionsOf(events, slices, (event, index) =>
    (tokenOf(event) ?? token) === token
      ? toDraft(event, cameAt(index))
      : { reason: "token must be the same in all of a request" },
  );
  const authenticated = basicUser(headers) ?? new URLSearchParams(query).get("api_key");
  return { writeKey: token ?? authenticated ?? undefined, submissions };
}

/** Lines that are looked at: those of as many events as there may be, with empty ones between. */
const MAX_LINES = 4 * MAX_EVENTS;

/** The events in a JSON text: one, an array of them, or one a line. */
function eventsIn(text: Buffer): { events: readonly unknown[]; slices: () => Buffer[] } {
  checkValues(text);
  const lines = text.toString("latin1").split("\n", MAX_LINES + 1);
  const written = lines.filter((line) => line.trim() !== "");
  if (written.length > 1 && written.every((line) => /^\s*\{.*\}\s*$/.test(line))) {
    checkCount(written.length, MAX_EVENTS);
    if (lines.length > MAX_LINES) {
      throw new MalformedBody(`events must be on at most ${MAX_LINES} lines, got more`);
    }
    const slices = written.map((line) => Buffer.from(line, "latin1"));
    return { events: slices.map(jsonBody), slices: () => slices };
  }
  const sent = jsonBody(text);
  return Array.isArray(sent)
    ? { events: sent, slices: () => arraySlices(text) }
    : { events: [sent], slices: () => [text] };
}

function tokenOf(event: unknown): string | undefined {
  if (!isFields(event)) return undefined;
  const { $token, properties } = event;
  const token = $token ?? (isFields(properties) ? properties.token : undefined);
  return typeof token === "string" && token !== "" ? token : undefined;
}
