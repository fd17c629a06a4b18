import { gzipSync } from "node:zlib";

import { BASIC, openApp, WRITE_KEY } from "../open-app.ts";

const event = (changes: object = {}): object => ({
  type: "track",
  event: "Order Completed",
  userId: "user-1",
  messageId: "message-1",
  originalTimestamp: "2026-01-01T00:00:00.000Z",
  ...changes,
});

const allowing = (allowedConsentIds: unknown, deniedConsentIds?: unknown): object => ({
  context: { consentManagement: { allowedConsentIds, deniedConsentIds } },
});

test("what has an original timestamp and no write key in the body is RudderStack's", async () => {
  const { post, kept } = await openApp();
  const allowed = allowing(["analytics"]);
  await post("/v1/batch", { batch: [event(allowed)] });
  await post("/v1/track", event({ ...allowed, messageId: "message-2" }));
  await post("/v1/batch", { writeKey: WRITE_KEY, batch: [event({ messageId: "message-3" })] }, {});
  expect((await kept()).events.map(({ id, dialect }) => [id, dialect])).toEqual([
    ["message-1", "rudderstack"],
    ["message-2", "rudderstack"],
    ["message-3", null], // Segment's, and so without consent
  ]);
});

test.each([
  ["a property", { properties: { batch: "A12" } }],
  ["a list among properties", { properties: { batch: [{ batch: [] }] } }],
  ["its name", { event: "batch" }],
])("a long event that has the word batch as %s is told by what stands behind it", async (_, of) => {
  const { post, kept } = await openApp();
  const { event: name, properties = {} } = { event: "Viewed", ...of } as {
    event: string;
    properties?: object;
  };
  const page = { url: `https://shop.example/?${"a=b&".repeat(1_000)}` };
  // In the order of its browser SDK.
  const sent = {
    properties,
    event: name,
    type: "track",
    context: { page, ...(allowing(["analytics", "email"]) as { context: object }).context },
    originalTimestamp: "2026-01-01T00:00:00.000Z",
    messageId: "message-1",
    userId: "user-1",
  };
  await post("/v1/track", sent);
  expect((await kept()).events).toMatchObject([
    { dialect: "rudderstack", name, properties, userId: "user-1" },
  ]);
});

/** As its SDK 2.1.9 for Python sends it, whose JSON has spaces. */
const fromPython = (context: object): Buffer =>
  gzipSync(
    JSON.stringify({
      batch: [
        {
          integrations: { All: true },
          anonymousId: null,
          properties: { revenue: 1.5 },
          timestamp: "2026-01-01T00:00:00+00:00",
          context: { ...context, library: { name: "analytics-python", version: "2.1.9" } },
          userId: "user-1",
          type: "track",
          event: "Order Completed",
          messageId: "message-1",
          channel: "server",
        },
      ],
      sentAt: "2026-01-01T00:00:01.000000+00:00",
    }).replaceAll('":', '": '),
  );

test("its SDK for Python is told from Segment's, which gives events a time of the same name", async () => {
  const { context } = allowing(["analytics"], []) as { context: object };
  for (const [sent, consent] of [
    [context, ["analytics"]],
    [{}, []],
  ] as const) {
    const { post, kept } = await openApp();
    const headers = { authorization: BASIC, "content-encoding": "gzip" };
    expect(await post("/v1/batch", fromPython(sent), headers)).toMatchObject({ body: '"OK"' });
    expect((await kept()).events).toMatchObject([{ id: "message-1", consent }]);
  }
});

test.each(["server", "web"])(
  "what Segment's SDK for Go says of a channel %s is Segment's, although its body has no write key",
  async (channel) => {
    const { post, kept } = await openApp();
    const consented = { consent: { categoryPreferences: { analytics: true } } };
    const { originalTimestamp: timestamp, ...sent } = event() as { originalTimestamp: string };
    const batch = [{ ...sent, timestamp, properties: { channel }, context: consented }];
    expect((await post("/v1/batch", { batch })).body).toBe('{"success":true}');
    expect((await kept()).events).toMatchObject([{ dialect: "segment", consent: ["analytics"] }]);
  },
);

test.each([
  [allowing(["Analytics", "email"]), ["analytics", "email"]],
  [allowing(["analytics"], ["ANALYTICS"]), []],
  [allowing("analytics"), []],
  [allowing([true, "c1"]), []],
  [{ context: { consentManagement: null } }, []],
  [{ context: { consent: { categoryPreferences: { analytics: true } } } }, []],
])("%j grants %j", async (changes, consent) => {
  const { post, kept } = await openApp();
  await post("/v1/batch", { batch: [event(changes)] });
  expect((await kept()).events.map((one) => one.consent)).toEqual([consent]);
});

test("traits that identify has in its context only are its properties", async () => {
  const { post, kept } = await openApp();
  const { context } = allowing(["analytics"]) as { context: object };
  const traits = { plan: "pro" };
  await post("/v1/identify", event({ type: "identify", context: { ...context, traits } }));
  expect((await kept()).events[0]).toMatchObject({ type: "identify", properties: traits });
});

test("a beacon has its write key in the query", async () => {
  const { post, kept } = await openApp();
  const batch = { batch: [event()] };
  expect((await post(`/beacon/v1/batch?writeKey=${WRITE_KEY}`, batch, {})).status).toBe(200);
  expect((await post("/beacon/v1/batch?writeKey=nobody", batch, {})).status).toBe(401);
  expect((await kept()).events).toHaveLength(1);
});

test("the browser SDK finds a source without destinations in its settings", async () => {
  const { get } = await openApp();
  const { status, body } = await get(`/sourceConfig/?p=npm&writeKey=${WRITE_KEY}`);
  expect(status).toBe(200);
  expect(JSON.parse(body).source).toMatchObject({ id: WRITE_KEY, enabled: true, destinations: [] });
  expect((await get("/sourceConfig/", { authorization: BASIC })).status).toBe(200);
  expect((await get("/sourceConfig/?writeKey=nobody")).status).toBe(401);
});

test("fails on a batch that is none with 400, which its SDKs do not send again", async () => {
  const { post, kept } = await openApp();
  expect((await post("/v1/batch", '{"batch":{"originalTimestamp":""}}')).status).toBe(400);
  expect((await kept()).badRows).toMatchObject([
    { dialect: "rudderstack", reason: "batch must be an array of events" },
  ]);
});
