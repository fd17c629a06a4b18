import { empty, refused } from "../answer.ts";
import { arraySlices, elementSlices, withOnlyElement } from "../json-slices.ts";
import { basicUser } from "./basic-auth.ts";
import { checkCount } from "./batch.ts";
import type { Call, Decoded, Dialect, EventsEndpoint, Submission } from "./dialect.ts";
import { isFields, without } from "./fields.ts";
import { jsonBody, objectBody } from "./json-body.ts";
import { aliasDraft, mparticleDraft, profileDraft } from "./mparticle-event.ts";
import { identityPage, logoutPage, modifyPage, settingsPage } from "./mparticle-identity.ts";

/** Limits of mParticle's API; what the events of a batch share is stored with each. */
const MAX_BYTES = 512 * 1024;
const MAX_BATCHES = 100;
const MAX_EVENTS = 100;

const IDENTITY_BYTES = 64 * 1024;
const EVENTS = new Set(["events"]);

/** mParticle's events API, and what its web SDK asks for before it sends events. */
export const mparticle: Dialect = {
  name: "mparticle",
  endpoints: [
    ...["/v2/events", "/v2/bulkevents", "/webevents/v3/JS/:key/events", "/v3/JS/:key/events"].map(
      (path): EventsEndpoint => ({
        kind: "events",
        method: "POST",
        path,
        maxBytes: MAX_BYTES,
        decode,
      }),
    ),
    ...["/webevents/v1/identity/:key/Alias", "/v1/identity/:key/Alias"].map(
      (path): EventsEndpoint => ({
        kind: "events",
        method: "POST",
        path,
        maxBytes: IDENTITY_BYTES,
        decode: decodeAlias,
      }),
    ),
    {
      kind: "page",
      method: "GET",
      path: "/tags/JS/v2/:key/config",
      maxBytes: 0,
      page: settingsPage,
    },
    ...["identify", "login", "logout", "search"].map((name) => ({
      kind: "page" as const,
      method: "POST" as const,
      path: `/identity/v1/${name}`,
      maxBytes: IDENTITY_BYTES,
      page: name === "logout" ? logoutPage : identityPage,
    })),
    {
      kind: "page",
      method: "POST",
      path: "/identity/v1/:key/modify",
      maxBytes: IDENTITY_BYTES,
      page: modifyPage,
    },
  ],
  keyOf: ({ headers, pathKey }) => {
    const { "x-mp-key": named } = headers;
    return typeof named === "string" ? named : pathKey || basicUser(headers);
  },
  keyIn: () => undefined,
  accepted: () => empty(202),
  // The web SDK sends a batch again for ever that is refused with 400: it is kept, and that is enough.
  refused: (refusal) =>
    refusal.status === 400 || refusal.status === 413 ? empty(202) : refused(refusal),
};

function decode({ body, at }: Call): Decoded {
  const sent = jsonBody(body);
  if (!Array.isArray(sent)) return { writeKey: undefined, submissions: batchOf(sent, body, at) };
  checkCount(sent.length, MAX_BATCHES);
  const slices = arraySlices(body);
  return {
    writeKey: undefined,
    submissions: sent.flatMap((batch: unknown, index) => batchOf(batch, slices[index]!, at)),
  };
}

function decodeAlias({ body, at }: Call): Decoded {
  const sent = objectBody(body);
  const submission = { draft: aliasDraft(sent, at), sent, raw: () => body };
  return { writeKey: undefined, submissions: [submission] };
}

/** The submissions of a batch. */
function batchOf(batch: unknown, text: Buffer, at: number): Submission[] {
  const bad = (reason: string): Submission[] => [
    { draft: { reason }, sent: batch, raw: () => text },
  ];
  if (!isFields(batch)) return bad("batch must be a JSON object");
  const { events = [] } = batch;
  if (!Array.isArray(events)) return bad("events must be an array");
  if (events.length > MAX_EVENTS) {
    return bad(`events of a batch must be at most ${MAX_EVENTS}, got ${events.length}`);
  }
  if (events.length === 0) {
    return [{ draft: profileDraft(batch, at), sent: batch, raw: () => text }];
  }
  const shared = without(batch, EVENTS);
  let slices: Buffer[] | undefined;
  return events.map((event: unknown, index) => ({
    draft: mparticleDraft(event, batch, at),
    sent: { shared, index, event },
    raw: () => withOnlyElement(text, "events", (slices ??= elementSlices(text, "events"))[index]!),
  }));
}
