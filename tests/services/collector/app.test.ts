import { gzipSync } from "node:zlib";

import fc from "fast-check";

import { BASIC, openApp, WRITE_KEY } from "./open-app.ts";

const CONSENT = { consent: { categoryPreferences: { Analytics: true } } };

const track = (changes: object = {}): object => ({
  type: "track",
  event: "Order Completed",
  messageId: "message-1",
  userId: "user-1",
  timestamp: "2026-01-01T00:00:00.000Z",
  properties: { revenue: 12.5 },
  context: CONSENT,
  ...changes,
});

const codeOf = (body: string): string => JSON.parse(body).error.code;

test("a batch is kept and answered as Segment does", async () => {
  const { post, kept } = await openApp();
  const answer = await post("/v1/batch", { batch: [track(), track({ messageId: "message-2" })] });
  expect(answer).toEqual({
    status: 200,
    headers: { "content-type": "application/json" },
    body: '{"success":true}',
  });
  const { events, badRows } = await kept();
  expect(events.map(({ source, id, dialect }) => ({ source, id, dialect }))).toEqual([
    { source: "website", id: "message-1", dialect: "segment" },
    { source: "website", id: "message-2", dialect: "segment" },
  ]);
  expect(badRows).toEqual([]);
});

test.each([
  ["/v1/track", "track"],
  ["/v1/t", "track"],
  ["/v1/identify", "identify"],
  ["/v1/i", "identify"],
  ["/v1/page", "page"],
  ["/v1/p", "page"],
  ["/v1/screen", "screen"],
  ["/v1/s", "screen"],
  ["/v1/group", "group"],
  ["/v1/g", "group"],
  ["/v1/alias", "alias"],
  ["/v1/a", "alias"],
])("%s takes one event of type %s", async (path, type) => {
  const { post, kept } = await openApp();
  expect((await post(path, track({ type: undefined }))).status).toBe(200);
  expect((await kept()).events.map((event) => event.type)).toEqual([type]);
});

test("/v1/b takes a batch with the write key in the body", async () => {
  const { post, kept } = await openApp();
  const body = { writeKey: "APP_WRITE_KEY", batch: [track()] };
  expect((await post("/v1/b", body, {})).status).toBe(200);
  expect((await kept()).events.map(({ source }) => source)).toEqual(["app"]);
});

test("/v1/import takes a batch that comes compressed, as Segment's SDKs for Java and Android send it", async () => {
  const { post, kept } = await openApp();
  const body = gzipSync(JSON.stringify({ batch: [track()], context: {}, sequence: 1 }));
  const headers = { authorization: BASIC, "content-encoding": "gzip" };
  expect(await post("/v1/import", body, headers)).toMatchObject({
    status: 200,
    body: '{"success":true}',
  });
  expect((await kept()).events).toMatchObject([{ id: "message-1", dialect: "segment" }]);
});

test("an empty batch is content with nothing", async () => {
  const { post, kept } = await openApp();
  expect((await post("/v1/batch", { batch: [] })).status).toBe(200);
  expect(await kept()).toEqual({ events: [], badRows: [] });
});

test("an event without consent is kept without what identifies", async () => {
  const { post, spool } = await openApp();
  await post("/v1/track", track({ context: { ip: "203.0.113.9" } }));
  const { found } = await spool.read(Infinity, Infinity);
  const text = found[0]!.payload.toString();
  expect(text).toContain("message-1");
  expect(text).not.toMatch(/user-1|203\.0\.113\.9|12\.5/);
});

test.each([
  ["x".repeat(513), "y".repeat(257), "x".repeat(512), "y".repeat(256)],
  ["🎁".repeat(513), "🎁".repeat(300), "🎁".repeat(512), "🎁".repeat(256)],
  [`x${"🎁".repeat(600)}`, `${"y".repeat(255)}🎁y`, `x${"🎁".repeat(511)}`, `${"y".repeat(255)}🎁`],
])("of a name and a campaign that are too long, the beginning is kept: %#", async (...texts) => {
  const { post, kept } = await openApp();
  const [event, campaign, name, keptCampaign] = texts;
  const consent = { categoryPreferences: { analytics: true } };
  await post("/v1/track", track({ event, context: { consent, campaign: { name: campaign } } }));
  const { events, badRows } = await kept();
  expect(badRows).toEqual([]);
  expect(events).toMatchObject([{ name, campaign: keptCampaign }]);
});

test("fails on an id that is too long: to cut it would make one of two", async () => {
  const { post, kept } = await openApp();
  await post("/v1/track", track({ userId: "u".repeat(257) }));
  expect((await kept()).badRows).toMatchObject([{ reason: expect.stringContaining("userId") }]);
});

test("an event without id gets the same one each time it is sent", async () => {
  const { post, kept } = await openApp();
  await post("/v1/track", track({ messageId: undefined }));
  await post("/v1/track", track({ messageId: undefined }));
  const { events } = await kept();
  expect(events).toHaveLength(2);
  expect(events[0]!.id).toBe(events[1]!.id);
});

test("an event without id and time gets another one each time it is sent", async () => {
  const { post, kept } = await openApp();
  const sent = track({ messageId: undefined, timestamp: undefined });
  await post("/v1/track", sent);
  await post("/v1/batch", { batch: [sent, sent] });
  const { events } = await kept();
  expect(new Set(events.map(({ id }) => id)).size).toBe(3);
});

test("events of two types that say the same are two", async () => {
  const { post, kept } = await openApp();
  const sent = track({ messageId: undefined, type: undefined, event: undefined });
  await post("/v1/identify", sent);
  await post("/v1/page", sent);
  const { events } = await kept();
  expect(events[0]!.id).not.toBe(events[1]!.id);
});

test("equal events of one request are each kept, and are the same when it is sent again", async () => {
  const timestamp = "2026-01-01T00:00:00.000Z";
  const time = Date.parse(timestamp);
  const times = { timestamp, time, timestamp_unixtime_ms: time, dtm: String(time) };
  // Without, each has a new id.
  const consent = { analytics: true };
  const segment = track({ messageId: undefined });
  const amplitude = { event_type: "e", user_id: "u", event_properties: { consent }, ...times };
  const mixpanel = {
    event: "e",
    properties: { token: WRITE_KEY, distinct_id: "u", consent, ...times },
  };
  const posthog = { event: "e", distinct_id: "u", properties: { consent }, ...times };
  const preferences = {
    schema: "iglu:com.snowplowanalytics.snowplow/consent_preferences/jsonschema/1-0-0",
    data: { eventType: "allow_all", consentScopes: ["analytics"] },
  };
  const snowplow = {
    e: "pv",
    aid: WRITE_KEY,
    co: JSON.stringify({
      schema: "iglu:com.snowplowanalytics.snowplow/contexts/jsonschema/1-0-0",
      data: [preferences],
    }),
    ...times,
  };
  const mparticle = {
    consent_state: { gdpr: { analytics: { consented: true } } },
    events: [{ event_type: "e", data: times }],
  };
  for (const [url, body, count] of [
    ["/v1/batch", { batch: [segment, segment, segment] }, 3],
    ["/2/httpapi", { api_key: WRITE_KEY, events: [amplitude, amplitude] }, 2],
    ["/track", [mixpanel, mixpanel], 2],
    ["/e", { api_key: WRITE_KEY, batch: [posthog, posthog] }, 2],
    ["/com.snowplowanalytics.snowplow/tp2", { data: [snowplow, snowplow] }, 2],
    ["/v2/bulkevents", [mparticle, mparticle], 2],
    [
      `/g/collect?v=2&tid=${WRITE_KEY}&cid=c&_p=1&_s=2&gcs=G111`,
      "en=like&_et=0\r\nen=like&_et=0",
      2,
    ],
  ] as const) {
    const { post, kept } = await openApp();
    const ids = async (): Promise<string[]> => {
      await post(url, body);
      const { events } = await kept();
      return events.map(({ id }) => id);
    };
    const first = await ids();
    expect([url, first.length, new Set(first).size]).toEqual([url, count, count]);
    expect((await ids()).slice(count)).toEqual(first);
  }
});

test("fails a bad event in a good batch alone: it is kept byte for byte, with its reason", async () => {
  const { post, kept } = await openApp();
  const bad = '{ "type" : "track", "userId":"\\u0075" }';
  const answer = await post("/v1/batch", `{"batch":[${JSON.stringify(track())} , ${bad}]}`);
  expect(answer.body).toBe('{"success":true}');
  const { events, badRows } = await kept();
  expect(events).toHaveLength(1);
  expect(badRows).toMatchObject([
    {
      source: "website",
      dialect: "segment",
      path: "/v1/batch",
      reason: "event must be the name of what happened, got nothing",
    },
  ]);
  expect(Buffer.from(badRows[0]!.raw, "base64").toString()).toBe(bad);
});

test.each([
  ["text that is no JSON", "{nope", "body must be JSON"],
  ["an array", "[]", "body must be a JSON object"],
  ["a batch that is no array", '{"batch":7}', "batch must be an array of events"],
  ["bytes that are no UTF-8", Buffer.from([0x7b, 0xff, 0x7d]), "body must be UTF-8"],
  ["nothing", "", "body must be JSON"],
])("fails on %s with 400, kept as a bad row", async (_, body, reason) => {
  const { post, kept } = await openApp();
  const answer = await post("/v1/batch", body);
  expect(answer.status).toBe(400);
  expect(codeOf(answer.body)).toBe("malformed_body");
  const { badRows } = await kept();
  expect(badRows).toMatchObject([{ reason }]);
  expect(Buffer.from(badRows[0]!.raw, "base64")).toEqual(Buffer.from(body as string));
});

test.each([
  ["an unknown write key in the header", { authorization: "Basic bm9ib2R5Og==" }, { batch: [] }],
  ["an unknown write key in the body", {}, { writeKey: "nobody", batch: [] }],
  ["no write key", {}, { batch: [] }],
  ["a header that is not Basic", { authorization: "Bearer token" }, { batch: [] }],
  ["malformed JSON without a write key", {}, "{nope"],
])("fails on %s with 401, nothing kept", async (_, headers, body) => {
  const { post, kept } = await openApp();
  const answer = await post("/v1/batch", body, headers);
  expect(answer.status).toBe(401);
  expect(JSON.parse(answer.body)).toMatchObject({
    success: false,
    error: { code: "unknown_write_key" },
  });
  expect(await kept()).toEqual({ events: [], badRows: [] });
});

test("malformed JSON with a readable write key is kept for its source", async () => {
  const { post, kept } = await openApp();
  expect((await post("/v1/b", `{"writeKey":"${WRITE_KEY}","batch":[`, {})).status).toBe(400);
  expect((await kept()).badRows).toMatchObject([{ source: "website" }]);
});

test("gzip is read whatever the content type says", async () => {
  const { post, kept } = await openApp();
  const body = gzipSync(JSON.stringify({ batch: [track()] }));
  const headers = {
    authorization: BASIC,
    "content-encoding": "gzip",
    "content-type": "application/x-www-form-urlencoded",
  };
  expect((await post("/v1/batch", body, headers)).status).toBe(200);
  expect((await kept()).events).toHaveLength(1);
});

test("what is malformed in gzip is kept as it was meant; what could be a bomb, as it came", async () => {
  const { post, kept } = await openApp();
  const headers = { authorization: BASIC, "content-encoding": "gzip" };
  const large = gzipSync("[".repeat(2 * 1024 * 1024));
  expect((await post("/v1/batch", gzipSync('{"ip":"203.0.113.9"'), headers)).status).toBe(400);
  expect((await post("/v1/batch", large, headers)).status).toBe(413);
  const raws = (await kept()).badRows.map(({ raw }) => Buffer.from(raw, "base64"));
  expect(raws).toEqual([Buffer.from('{"ip":"203.0.113.0"'), large]);
});

test("fails on a gzip bomb with 413; the bomb is kept as it came", async () => {
  const { post, kept } = await openApp();
  const bomb = gzipSync(Buffer.alloc(50 * 1024 * 1024));
  const answer = await post("/v1/batch", bomb, {
    authorization: BASIC,
    "content-encoding": "gzip",
  });
  expect(answer.status).toBe(413);
  expect(Buffer.from((await kept()).badRows[0]!.raw, "base64")).toEqual(bomb);
});

test.each(["br", "gzip"])(
  "fails on a body that is not the %s it is said to be with 400",
  async (encoding) => {
    const { post, kept } = await openApp();
    const answer = await post("/v1/batch", "{}", {
      authorization: BASIC,
      "content-encoding": encoding,
    });
    expect(answer.status).toBe(400);
    expect((await kept()).badRows).toHaveLength(1);
  },
);

test("fails on an event above 32 KiB alone", async () => {
  const { post, kept } = await openApp();
  const large = track({ messageId: "large", properties: { text: "x".repeat(33 * 1024) } });
  expect((await post("/v1/batch", { batch: [large, track()] })).status).toBe(200);
  const { events, badRows } = await kept();
  expect(events.map(({ id }) => id)).toEqual(["message-1"]);
  expect(badRows[0]!.reason).toMatch(/^event must be at most 32768 bytes, got \d+$/);
});

test("fails on a batch above 500 KiB with 413", async () => {
  const { post, kept } = await openApp();
  const answer = await post("/v1/batch", { batch: [track()], padding: "x".repeat(500 * 1024) });
  expect(answer.status).toBe(413);
  expect((await kept()).badRows).toHaveLength(1);
});

test("fails on more events than a batch may hold with 400, as one bad row", async () => {
  const { post, kept } = await openApp();
  expect((await post("/v1/batch", { batch: Array(2_501).fill(1) })).status).toBe(400);
  expect((await kept()).badRows).toHaveLength(1);
});

test("fails with 503 and Retry-After while the spool is full, and says so in its readiness", async () => {
  const { post, get } = await openApp(100);
  expect((await post("/v1/track", track())).status).toBe(200);
  const refused = await post("/v1/track", track());
  expect(refused).toMatchObject({ status: 503, headers: { "retry-after": "5" } });
  expect(codeOf((await get("/healthz/ready")).body)).toBe("not_ready");
});

test("it is ready until it is told to stop, and live all the time", async () => {
  const { app, get } = await openApp();
  expect((await get("/healthz/ready")).status).toBe(200);
  expect(app.isStopping).toBe(false);
  app.stopBeingReady();
  expect(app.isStopping).toBe(true);
  expect((await get("/healthz/ready")).status).toBe(503);
  expect((await get("/healthz/live")).status).toBe(200);
});

test.each([
  ["http", "http"],
  ["https", "https"],
  ["HTTPS", "https"],
  ["https, http", "https"],
  ["http, https", "http"],
  ["httpsx", "http"],
])(
  "behind proxies that say %j, analytics.js is told to send by %s",
  async (forwarded, protocol) => {
    const { get } = await openApp();
    const headers = { host: "collect.example.com", "x-forwarded-proto": forwarded };
    const { body } = await get(`/v1/projects/${WRITE_KEY}/settings`, headers);
    expect(JSON.parse(body).integrations["Segment.io"]).toMatchObject({ protocol });
  },
);

test("analytics.js finds its destination in the settings, and nothing that makes it load scripts", async () => {
  const { get } = await openApp();
  const headers = { host: "collect.example.com", "x-forwarded-proto": "https" };
  expect(JSON.parse((await get(`/v1/projects/${WRITE_KEY}/settings`, headers)).body)).toEqual({
    integrations: {
      "Segment.io": {
        apiKey: WRITE_KEY,
        apiHost: "collect.example.com/v1",
        protocol: "https",
      },
    },
    plan: {},
    metrics: { sampleRate: 0 },
  });
});

test("fails on settings of an unknown write key with 401", async () => {
  const { get } = await openApp();
  expect((await get("/v1/projects/nobody/settings")).status).toBe(401);
});

test("a preflight is granted what it asks", async () => {
  const { app } = await openApp();
  const headers = {
    origin: "https://shop.example",
    "access-control-request-headers": "authorization",
  };
  const body = Buffer.alloc(0);
  expect(await app.handle({ method: "OPTIONS", path: "/v1/t", query: "", headers, body })).toEqual({
    status: 204,
    headers: {
      "access-control-allow-origin": "https://shop.example",
      "access-control-allow-credentials": "true",
      "access-control-allow-methods": "GET, POST, OPTIONS",
      "access-control-allow-headers": "authorization",
      "access-control-expose-headers": "etag, retry-after, x-mp-max-age, x-sse-support",
      "access-control-max-age": "600",
      vary: "origin",
    },
    body: "",
  });
});

test("errors can be read by pages too", async () => {
  const { post } = await openApp();
  const { status, headers } = await post("/v1/t", "{nope", { origin: "https://shop.example" });
  expect(status).toBe(401);
  expect(headers["access-control-allow-origin"]).toBe("https://shop.example");
});

test.each([
  ["GET", "/v1/batch", 405],
  ["POST", "/metrics", 405],
  ["GET", "/nowhere", 404],
  ["POST", "/v1/projects/%2e%2e/settings", 404],
])("fails on %s %s with %d", async (method, path, status) => {
  const { app } = await openApp();
  const body = Buffer.alloc(0);
  const answer = await app.handle({ method, path, query: "", headers: {}, body });
  expect(answer.status).toBe(status);
});

test("every known combination of a counter is published from the start", async () => {
  const { get } = await openApp();
  const { body } = await get("/metrics");
  for (const source of ["website", "app"]) {
    for (const outcome of ["stored", "reduced", "bad", "refused"]) {
      const labels = `source="${source}",dialect="segment",outcome="${outcome}"`;
      expect(body).toContain(`collector_events_total{${labels}} 0`);
    }
  }
  expect(body).toContain('http_server_requests_total{service="collector",code="503"} 0');
  expect(body).toContain("collector_spool_bytes 0");
  expect(body).toContain("collector_spool_oldest_seconds 0");
});

test("what became of events is counted", async () => {
  const { post, get } = await openApp();
  await post("/v1/batch", { batch: [track(), track({ context: {} }), 7] });
  const { body } = await get("/metrics");
  expect(body).toContain('{source="website",dialect="segment",outcome="stored"} 1');
  expect(body).toContain('{source="website",dialect="segment",outcome="reduced"} 1');
  expect(body).toContain('{source="website",dialect="segment",outcome="bad"} 1');
});

test("no body gets a 5xx, and each is an event, a bad row or refused as malformed", async () => {
  const { post, kept } = await openApp();
  const values = fc.oneof(
    fc.uint8Array({ maxLength: 200 }).map((bytes) => Buffer.from(bytes)),
    fc.string({ unit: "binary" }).map((text) => `{"batch":[${JSON.stringify(text)}]}`),
    fc.json().map((json) => `{"batch":[${json}]}`),
    fc
      .record(
        {
          type: fc.constantFrom("track", "page", "group", "alias", "identify"),
          event: fc.anything(),
          userId: fc.anything(),
          timestamp: fc.oneof(fc.anything(), fc.constant("2026-01-01")),
          context: fc.oneof(fc.anything(), fc.constant(CONSENT)),
          traits: fc.anything(),
          properties: fc.anything(),
          messageId: fc.anything(),
        },
        { requiredKeys: [] },
      )
      .map((event) => {
        try {
          return JSON.stringify({ batch: [event] });
        } catch {
          return "{}"; // what JSON cannot say, such as a bigint
        }
      }),
    fc.nat(20_000).map((levels) => `{"batch":[${"[".repeat(levels)}${"]".repeat(levels)}]}`),
    fc
      .nat(50_000)
      .map(
        (levels) =>
          `{"type":"track","event":"e","userId":"u","properties":${'{"a":'.repeat(levels)}1${"}".repeat(levels)}}`,
      ),
    fc.constantFrom(
      '{"batch":[{"type":"track","event":"\\u0000","userId":"u"}]}',
      '{"batch":[1e400]}',
    ),
  );
  let sent = 0;
  await fc.assert(
    fc.asyncProperty(values, fc.constantFrom("/v1/batch", "/v1/track"), async (body, path) => {
      sent += 1;
      const { status } = await post(path, body);
      expect([200, 400, 413]).toContain(status);
    }),
    { numRuns: 200 },
  );
  const { events, badRows } = await kept();
  expect(events.length + badRows.length).toBeLessThanOrEqual(sent);
}, 30_000);
