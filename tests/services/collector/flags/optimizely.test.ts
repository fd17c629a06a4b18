import { openApp, WRITE_KEY } from "../open-app.ts";

const activated = (changes: object = {}): object => ({
  decisions: [{ metadata: { flag_key: "checkout", variation_key: "on" } }],
  events: [{ key: "campaign_activated", uuid: "1", timestamp: Date.UTC(2026, 0, 1) }],
  ...changes,
});

const visitor = (snapshot: unknown, changes: object = {}): object => ({
  visitor_id: "user-1",
  attributes: [{ key: "consent", value: "analytics" }],
  snapshots: [snapshot],
  ...changes,
});

const batch = (...visitors: unknown[]): object => ({ account_id: WRITE_KEY, visitors });

test("a conversion is what happened, with its tags", async () => {
  const { post, kept } = await openApp();
  const event = { key: "purchase", uuid: "2", timestamp: 0, revenue: 1250, tags: { sku: "shirt" } };
  expect((await post("/v1/events", batch(visitor({ events: [event] })), {})).status).toBe(204);
  expect((await kept()).events).toMatchObject([
    {
      id: "2",
      type: "track",
      name: "purchase",
      occurredAt: "1970-01-01T00:00:00.000Z",
      anonymousId: "user-1",
      properties: { revenue: 1250, sku: "shirt" },
    },
  ]);
});

test.each([null, undefined])("two events without id, of time %j, are two", async (timestamp) => {
  const { post, kept } = await openApp();
  const body = batch(visitor({ events: [{ key: "purchase", timestamp }] }));
  await post("/v1/events", body, {});
  await post("/v1/events", body, {});
  expect(new Set((await kept()).events.map(({ id }) => id)).size).toBe(2);
});

test.each<[unknown, string[]]>([
  ["analytics", ["analytics"]],
  ["email, Analytics", ["analytics", "email"]],
  ["", []],
  [true, []],
])("attribute consent %j grants %j", async (value, granted) => {
  const { post, kept } = await openApp();
  const attributes = [{ key: "consent", value }];
  await post("/v1/events", batch(visitor(activated(), { attributes })), {});
  expect((await kept()).events.map(({ consent }) => consent)).toEqual([
    granted.includes("analytics") ? granted : [],
  ]);
});

test.each<[unknown, string]>([
  [7, "visitor must be a JSON object"],
  [visitor(activated(), { visitor_id: "" }), 'visitor_id must be given, got ""'],
  [visitor(activated(), { attributes: 7 }), "attributes must be an array"],
  [visitor(7), "snapshot must be a JSON object"],
  [visitor(activated({ events: 7 })), "events must be an array"],
  [visitor(activated({ events: [7] })), "event must be a JSON object"],
  [
    visitor(activated({ decisions: [] })),
    "decisions must have metadata with a flag_key and a variation_key",
  ],
  [
    visitor({ events: [{ key: "x", timestamp: "now" }] }),
    'timestamp must be milliseconds since 1970, got "now"',
  ],
  [visitor({ events: [{ key: "x", tags: 7 }] }), "tags must be a JSON object, got 7"],
  [visitor({ events: [{}] }), "key must be the name of what happened, got nothing"],
])("fails on %j with a bad row that is not sent again: %s", async (sent, reason) => {
  const { post, kept } = await openApp();
  const { status } = await post("/v1/events", batch(visitor(activated()), sent), {});
  expect(status).toBe(204);
  const { events, badRows } = await kept();
  expect([events.length, badRows.map((row) => row.reason)]).toEqual([1, [reason]]);
  expect(JSON.parse(Buffer.from(badRows[0]!.raw, "base64").toString())).toEqual(batch(sent));
});

test.each<[unknown, string]>([
  [`{"account_id":"${WRITE_KEY}"`, "body must be JSON"],
  [{ account_id: WRITE_KEY, visitors: 7 }, "visitors must be an array"],
  [batch(...Array(1_001).fill(1)), "events must be at most 1000, got 1001"],
])("fails on a body that is none with a bad row: %#", async (body, reason) => {
  const { post, kept } = await openApp();
  expect((await post("/v1/events", body, {})).status).toBe(204);
  expect((await kept()).badRows.map((row) => row.reason)).toEqual([reason]);
});

test("fails without a known key with 401", async () => {
  const { get, post } = await openApp();
  expect((await get("/datafiles/nobody.json")).status).toBe(401);
  const body = { ...batch(visitor(activated())), account_id: "nobody" };
  expect((await post("/v1/events", body, {})).status).toBe(401);
});
