import { gzipSync } from "node:zlib";

import fc from "fast-check";

import type { Call, Endpoint } from "../../../../services/collector/dialects/dialect.ts";
import { dialects } from "../../../../services/collector/dialects/all.ts";
import { openApp, WRITE_KEY } from "../open-app.ts";

const KEYS = { writeKey: WRITE_KEY, api_key: WRITE_KEY, token: WRITE_KEY };

/** A good event with the fields of all dialects at once, so that changing one reaches each decoder. */
const EVENT = {
  type: "track",
  event: "e",
  name: "e",
  event_type: "e",
  e: "ue",
  ue_pr:
    '{"schema":"iglu:a/b/jsonschema/1-0-0","data":{"schema":"iglu:a/b/jsonschema/1-0-0","data":{}}}',
  co: '{"schema":"iglu:a/b/jsonschema/1-0-0","data":[]}',
  dtm: "1",
  stm: "1",
  aid: WRITE_KEY,
  userId: "u",
  user_id: "u",
  distinct_id: "u",
  $distinct_id: "u",
  $token: WRITE_KEY,
  $set: { consent: { analytics: true } },
  $time: 1,
  $group_key: "k",
  $group_id: "g",
  uid: "u",
  messageId: "m",
  timestamp: "2026-01-01T00:00:00Z",
  originalTimestamp: "2026-01-01T00:00:00Z",
  time: 1,
  context: {
    consent: { categoryPreferences: { analytics: true } },
    consentManagement: { allowedConsentIds: ["analytics"] },
    campaign: { name: "c" },
  },
  properties: { token: WRITE_KEY, distinct_id: "u", time: 1, consent: { analytics: true } },
  event_properties: { consent: { analytics: true } },
  user_properties: { $set: {} },
  groups: { k: "g" },
  traits: {},
  params: { page_title: "t" },
};

const REQUEST = {
  ...KEYS,
  ...EVENT,
  client_id: "c",
  timestamp_micros: 1,
  consent: { analytics_storage: "GRANTED" },
  sentAt: "2026-01-01T00:00:00Z",
  sent_at: "2026-01-01T00:00:00Z",
  client_upload_time: "2026-01-01T00:00:00Z",
  batch: [EVENT, EVENT],
  events: [EVENT, EVENT],
  data: [EVENT, EVENT],
};

const QUERY = `api_secret=${WRITE_KEY}&tid=${WRITE_KEY}&aid=${WRITE_KEY}&writeKey=${WRITE_KEY}&v=2`;

const endpoints = dialects.flatMap(({ name, endpoints: all }) =>
  all.map((endpoint) => [`${name}: ${endpoint.method} ${endpoint.path}`, endpoint] as const),
);

/** JSON texts of values that no decoder expects; some cannot be said by JSON.stringify. */
const oddValue = fc.oneof(
  fc.json({ maxDepth: 3 }),
  fc.string({ unit: "binary" }).map((text) => JSON.stringify(text)),
  fc.constantFrom("1e400", "-0", '"\\u0000"', '"\\ud800"', '"__proto__"', "9007199254740993"),
  fc.constantFrom(
    '{"__proto__":1}',
    '{"__proto__":{"polluted":1}}',
    '{"constructor":{}}',
    '{"toString":1}',
  ),
  fc.nat(50_000).map((levels) => "[".repeat(levels) + "]".repeat(levels)),
);

/** Where values are in the request, as `.key.key`. */
const PATHS: string[] = [];
(function note(value: unknown, path: string): void {
  if (typeof value !== "object" || value === null) return;
  for (const [key, member] of Object.entries(value)) {
    PATHS.push(`${path}.${key}`);
    note(member, `${path}.${key}`);
  }
})(REQUEST, "");

/** JSON of the request with `odd` for the value at `chosen`. */
function requestWith(chosen: string, odd: string): string {
  const write = (value: unknown, path: string): string => {
    if (path === chosen) return odd;
    if (typeof value !== "object" || value === null) return JSON.stringify(value);
    const members = Object.entries(value).map(([key, member]) => {
      const text = write(member, `${path}.${key}`);
      return Array.isArray(value) ? text : `${JSON.stringify(key)}:${text}`;
    });
    return Array.isArray(value) ? `[${members.join(",")}]` : `{${members.join(",")}}`;
  };
  return write(REQUEST, "");
}

const FORMS: Readonly<Record<string, (json: string) => Buffer | string>> = {
  json: (json) => json,
  list: (json) => `[${json},${json}]`,
  form: (json) => `data=${Buffer.from(json).toString("base64")}`,
  gzip: (json) => gzipSync(json),
  half: (json) => json.slice(0, json.length / 2),
};

const oddQuery = fc.oneof(
  fc.constant(QUERY),
  fc.webQueryParameters().map((query) => `${QUERY}&${query}`),
  fc
    .array(
      fc.tuple(
        fc.constantFrom(
          "en",
          "cid",
          "e",
          "data",
          "gcs",
          "gcd",
          "pr1",
          "epn.a",
          "ep.__proto__",
          "__proto__",
          "dl",
          "co",
          "ue_px",
          "dtm",
        ),
        fc.string(),
      ),
    )
    .map((pairs) => `${QUERY}&${new URLSearchParams(pairs).toString()}`),
  fc.constantFrom(`${QUERY}&data=%`, `${QUERY}&data=%E0%A4%A`, `${QUERY}&data=W3t9XQ==`),
);

const oddBody = fc.oneof(
  {
    weight: 4,
    arbitrary: fc.tuple(
      fc.constantFrom(...Object.keys(FORMS)),
      fc.constantFrom(...PATHS),
      oddValue,
    ),
  },
  fc.uint8Array({ maxLength: 100 }),
  fc.uint8Array({ maxLength: 100 }).map((bytes) => Uint8Array.from([0x1f, 0x8b, ...bytes])),
);

const bytesOf = (odd: [string, string, string] | Uint8Array): Buffer =>
  odd instanceof Uint8Array
    ? Buffer.from(odd)
    : Buffer.from(FORMS[odd[0]]!(requestWith(odd[1], odd[2])));

afterAll(() => expect(Object.prototype).not.toHaveProperty("polluted"));

const basic = `Basic ${Buffer.from(`${WRITE_KEY}:`).toString("base64")}`;

test.each(endpoints)(
  "%s never answers with a 5xx, and keeps all of what it accepts",
  async (_, endpoint: Endpoint) => {
    const { app, kept } = await openApp();
    const path = endpoint.path.replace(":key", WRITE_KEY);
    let accepted = 0;
    let expected = 0;
    await fc.assert(
      fc.asyncProperty(oddQuery, oddBody, async (query, odd) => {
        const { method } = endpoint;
        const body = bytesOf(odd);
        const headers = { authorization: basic, "x-mp-key": WRITE_KEY };
        const { status } = await app.handle({ method, path, query, headers, body });
        expect([200, 202, 204, 400, 401, 413]).toContain(status);
        if (status !== 401) accepted += 1;
        if (status < 300 && endpoint.kind === "events")
          expected += submissionsIn(endpoint, { query, body, headers, pathKey: "", at: 0 });
      }),
      { numRuns: 60 },
    );
    const { events, badRows } = await kept();
    expect(events.length + badRows.length).toBeGreaterThanOrEqual(expected);
    expect(accepted).toBeGreaterThan(0);
  },
  60_000,
);

/** How many events the endpoint itself finds in a call; none in what it cannot read. */
function submissionsIn(endpoint: Endpoint & { kind: "events" }, call: Call): number {
  try {
    return endpoint.decode(call).submissions.length;
  } catch {
    return 0;
  }
}
