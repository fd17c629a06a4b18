import { BASIC, openApp, WRITE_KEY } from "./open-app.ts";

const track = { type: "track", event: "e", messageId: "m", userId: "u" };
const segment = { batch: [track] };

/** One event of each protocol: path and body. */
const REQUESTS = {
  segment: ["/v1/batch", segment],
  rudderstack: ["/v1/batch", { batch: [{ ...track, originalTimestamp: "2026-01-01T00:00:00Z" }] }],
  ga4: [`/mp/collect?api_secret=${WRITE_KEY}`, { client_id: "c", events: [{ name: "e" }] }],
  posthog: ["/batch", { api_key: WRITE_KEY, batch: [{ event: "e", distinct_id: "d" }] }],
  mixpanel: ["/track", [{ event: "e", properties: { token: WRITE_KEY, distinct_id: "d" } }]],
  amplitude: ["/2/httpapi", { api_key: WRITE_KEY, events: [{ event_type: "e", user_id: "u" }] }],
  snowplow: [
    "/com.snowplowanalytics.snowplow/tp2",
    { schema: "s", data: [{ e: "pv", aid: WRITE_KEY, duid: "d" }] },
  ],
  mparticle: [
    `/v3/JS/${WRITE_KEY}/events`,
    { mpid: "1", events: [{ event_type: "custom_event", data: { event_name: "e" } }] },
  ],
} as const;

// However slow the machine is, no time passes in which more may be sent.
beforeEach(() => jest.spyOn(performance, "now").mockReturnValue(0));
afterEach(() => jest.restoreAllMocks());

test.each(Object.entries(REQUESTS))(
  "what is too much of %s is answered with 429 and when to try again, and not kept",
  async (dialect, [path, body]) => {
    const { app, post, kept } = await openApp(undefined, [], { eventsPerSecond: 1 });
    for (let sent = 0; sent < 10; sent += 1) {
      expect((await post(path, body)).status).toBeLessThan(300);
    }
    const answer = await post(path, body);
    expect(answer.status).toBe(429);
    expect(answer.headers).toMatchObject({ "retry-after": "1" });
    const { events, badRows } = await kept();
    expect(events.length + badRows.length).toBe(10);
    const { body: metrics } = await app.handle({
      method: "GET",
      path: "/metrics",
      query: "",
      headers: {},
      body: Buffer.alloc(0),
    });
    expect(metrics).toContain(
      `collector_events_total{source="website",dialect="${dialect}",outcome="refused"} 1\n`,
    );
    expect(metrics).toContain('http_server_requests_total{service="collector",code="429"} 1\n');
  },
);

test.each([
  ["amplitude", /^\{"code":429,"error":"/],
  ["segment", /^\{"success":false,"error":\{"code":"too_many_events"/],
  ["mixpanel", /^0$/],
] as const)("too much of %s is said in its words", async (dialect, words) => {
  const { post } = await openApp(undefined, [], { eventsPerSecond: 1 });
  const [path, body] = REQUESTS[dialect];
  for (let sent = 0; sent < 10; sent += 1) await post(path, body);
  expect((await post(path, body)).body).toMatch(words);
});

test("what is too much and no event is not kept either", async () => {
  const { post, kept } = await openApp(undefined, [], { eventsPerSecond: 1 });
  for (let sent = 0; sent < 10; sent += 1) await post("/v1/batch", "{");
  expect((await post("/v1/batch", "{")).status).toBe(429);
  expect((await kept()).badRows).toHaveLength(10);
});

test("what one source sends is not counted for another", async () => {
  const { post } = await openApp(undefined, [], { eventsPerSecond: 1 });
  for (let sent = 0; sent < 10; sent += 1) await post("/v1/batch", segment);
  const other = { ...segment, writeKey: "APP_WRITE_KEY" };
  expect((await post("/v1/batch", other, {})).status).toBe(200);
});

test.each([
  ["https://shop.example", 200],
  [undefined, 200],
  ["https://evil.example", 403],
  ["http://shop.example", 403],
  ["https://shop.example.evil.example", 403],
  ["null", 403],
])("a page at %s that uses a key of https://shop.example gets %i", async (origin, status) => {
  const { post, kept } = await openApp(undefined, [], { origins: ["https://shop.example"] });
  const headers = { authorization: BASIC, ...(origin !== undefined && { origin }) };
  const answer = await post("/v1/batch", segment, headers);
  expect(answer.status).toBe(status);
  // An SDK that may not read a refusal sends again for ever.
  expect(answer.headers["access-control-allow-origin"]).toBe(origin);
  expect((await kept()).events).toHaveLength(status === 200 ? 1 : 0);
});

test("a source that may use one protocol is refused in others, for what it reads too", async () => {
  const { get, post, kept } = await openApp(undefined, [], { dialects: ["posthog"] });
  expect((await post(...REQUESTS.posthog)).status).toBe(200);
  const refused = await post("/v1/batch", segment);
  expect(refused.status).toBe(403);
  expect(JSON.parse(refused.body)).toMatchObject({
    error: {
      code: "forbidden",
      message: "dialect must be one that source website may use, got segment",
    },
  });
  expect((await get(`/v1/projects/${WRITE_KEY}/settings`)).status).toBe(403);
  expect((await kept()).events).toHaveLength(1);
});

test("Amplitude is told so in words that make its SDKs drop what is forbidden", async () => {
  const { post } = await openApp(undefined, [], { dialects: ["segment"] });
  const { body } = await post(...REQUESTS.amplitude);
  expect(JSON.parse(body)).toMatchObject({ code: 400, missing_field: "api_key" });
});
