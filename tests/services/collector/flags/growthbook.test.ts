import { openApp, WRITE_KEY } from "../open-app.ts";

const TRACK = `/track?client_key=${WRITE_KEY}`;
const consent = { analytics: true };

const viewed = (changes: object = {}): object => ({
  event_name: "Experiment Viewed",
  properties_json: { experimentId: "checkout", variationId: "on", hashValue: "user-1" },
  device_id: "user-1",
  utm_campaign: "spring",
  context_json: { consent },
  ...changes,
});

test("the same exposure has the same id, other events have ids of their own", async () => {
  const { post, kept } = await openApp();
  const other = viewed({ event_name: "Clicked", properties_json: {} });
  expect((await post(TRACK, [viewed(), viewed(), other, other], {})).status).toBe(200);
  const { events } = await kept();
  expect(events).toMatchObject([
    { type: "exposure", properties: { experiment: "checkout", variant: "on" }, campaign: null },
    { type: "exposure" },
    { type: "track", name: "Clicked", campaign: "spring" },
    { type: "track" },
  ]);
  expect(new Set(events.map(({ id }) => id)).size).toBe(3);
});

/** As the plugin of its SDK 4.0.0 for Python sends it. */
const fromPython = (properties_json: object): object => ({
  event_name: "$$experiment_viewed",
  properties_json,
  sdk_language: "python",
  sdk_version: "4.0.0",
  url: "",
  context_json: { plan: "pro", consent },
  user_id: null,
  device_id: "user-1",
  page_id: null,
  session_id: null,
});

test("what the plugin for Python calls otherwise is an exposure too", async () => {
  const { post, kept } = await openApp();
  const sent = fromPython({
    experiment_id: "checkout",
    variation_id: 1,
    variation_key: "on",
    in_experiment: true,
    hash_used: true,
    hash_attribute: "id",
    hash_value: "user-1",
  });
  expect((await post(TRACK, [sent, viewed()], {})).status).toBe(200);
  const { events } = await kept();
  expect(events[0]).toMatchObject({
    type: "exposure",
    name: "checkout",
    anonymousId: "user-1",
    properties: { experiment: "checkout", variant: "on" },
    context: { plan: "pro", sdk_language: "python" },
  });
  expect(events[0]!.id).toBe(events[1]!.id);
});

test("without consent nothing is left that leads to a person", async () => {
  const { post, kept } = await openApp();
  await post(TRACK, [viewed({ context_json: {} }), viewed({ context_json: {} })], {});
  const [first, second] = (await kept()).events;
  expect(first).toMatchObject({ anonymousId: null, properties: {}, context: {}, consent: [] });
  expect(second!.id).not.toBe(first!.id);
});

test("the path without a client key is Mixpanel's", async () => {
  const { post, kept } = await openApp();
  const event = { event: "Clicked", properties: { token: WRITE_KEY, distinct_id: "u", consent } };
  expect((await post("/track", [event], {})).status).toBe(200);
  expect((await kept()).events).toMatchObject([{ dialect: "mixpanel" }]);
});

test.each<[unknown, string]>([
  [7, "event must be a JSON object"],
  [viewed({ event_name: "" }), 'event_name must be the name of what happened, got ""'],
  [viewed({ properties_json: [] }), "properties_json must be a JSON object, got an array"],
  [viewed({ properties_json: {} }), "properties_json must have an experimentId and a variationId"],
  [fromPython({}), "properties_json must have an experiment_id and a variation_key"],
  [viewed({ context_json: 7 }), "context_json must be a JSON object, got 7"],
])("fails on %j with a bad row: %s", async (sent, reason) => {
  const { post, kept } = await openApp();
  expect((await post(TRACK, [viewed(), sent], {})).status).toBe(200);
  const { events, badRows } = await kept();
  expect([events.length, badRows.map((row) => row.reason)]).toEqual([1, [reason]]);
  expect(JSON.parse(Buffer.from(badRows[0]!.raw, "base64").toString())).toEqual(sent);
});

test.each<[unknown, string]>([
  ["{", "body must be JSON"],
  [{}, "body must be a JSON array of events"],
  [Array(1_001).fill(1), "events must be at most 1000, got 1001"],
])("fails on a body that is none with 400: %#", async (body, reason) => {
  const { post, kept } = await openApp();
  expect((await post(TRACK, body, {})).status).toBe(400);
  expect((await kept()).badRows.map((row) => row.reason)).toEqual([reason]);
});

test("fails without a known key with 401", async () => {
  const { get, post } = await openApp();
  expect((await get("/api/features/nobody")).status).toBe(401);
  expect((await get("/sub/nobody")).status).toBe(401);
  expect((await post("/track?client_key=nobody", [viewed()], {})).status).toBe(401);
});
