import { gzipSync } from "node:zlib";

import type { Event } from "../../../../services/contract/event.ts";
import { openApp, WRITE_KEY } from "../open-app.ts";

const consent = { analytics: true };

const event = (properties: object = {}, changes: object = {}): object => ({
  uuid: "1",
  event: "Order Completed",
  distinct_id: "user-1",
  properties: { token: WRITE_KEY, consent, ...properties },
  timestamp: "2026-01-01T00:00:00.000Z",
  ...changes,
});

async function keptOf(body: unknown, path = "/e/?ip=0"): Promise<Event[]> {
  const { post, kept } = await openApp();
  expect(await post(path, body, {})).toMatchObject({ status: 200, body: '{"status":1}' });
  return (await kept()).events;
}

test.each<[string, string, unknown]>([
  ["a batch", "/batch", { api_key: WRITE_KEY, batch: [event()] }],
  ["a batch that names its key in its events", "/batch/", { batch: [event()] }],
  ["a batch of AI", "/i/v0/ai/batch/", { api_key: WRITE_KEY, batch: [event()] }],
  ["an array", "/e/?compression=gzip-js", [event()]],
  ["one event", "/i/v0/e/", event()],
  ["one event with its key beside it", "/capture/", event({}, { token: WRITE_KEY })],
  ["gzip without saying so", "/e/", gzipSync(JSON.stringify([event()]))],
  [
    "base64 in a form",
    "/e/?compression=base64",
    `data=${encodeURIComponent(Buffer.from(JSON.stringify([event()])).toString("base64"))}`,
  ],
])("%s is read", async (_, path, body) => {
  expect(await keptOf(body, path)).toMatchObject([
    { source: "website", dialect: "posthog", id: "1", userId: "user-1" },
  ]);
});

test.each<[object, object]>([
  [event({ a: 1, $b: 2 }), { properties: { a: 1 }, context: { $b: 2, consent } }],
  [event({ title: "Index" }, { event: "$pageview" }), { type: "page", name: "Index" }],
  [event({ $screen_name: "Home" }, { event: "$screen" }), { type: "screen", name: "Home" }],
  [
    event({ $anon_distinct_id: "anon-1" }, { event: "$identify", $set: { plan: "pro" } }),
    { type: "identify", name: null, anonymousId: "anon-1", properties: { plan: "pro" } },
  ],
  [
    event({ consent: undefined, $set: { plan: "pro", consent } }, { event: "$set" }),
    { type: "identify", consent: ["analytics"], properties: { plan: "pro", consent } },
  ],
  [event({ $unset: ["plan"] }, { event: "$set" }), { properties: { plan: null } }],
  [
    event({ alias: "anon-1" }, { event: "$create_alias" }),
    { type: "alias", name: null, properties: { previousId: "anon-1" } },
  ],
  [event({ alias: "x" }), { properties: { alias: "x" } }],
  [event({ $is_identified: false }), { anonymousId: "user-1", userId: null }],
  [event({ $device_id: "user-1" }), { anonymousId: "user-1", userId: null }],
  [event({}, { distinct_id: "$posthog_cookieless" }), { anonymousId: null, userId: null }],
  [event({ utm_campaign: "spring" }), { campaign: "spring" }],
  [event({ utm_campaign: null, $session_entry_utm_campaign: "spring" }), { campaign: "spring" }],
  [event({ $device_id: "device-1" }), { anonymousId: "device-1", userId: "user-1" }],
  [event({}, { uuid: undefined }), { id: expect.stringMatching(/^sha256-/) }],
  [
    event({}, { uuid: undefined, timestamp: undefined }),
    { id: expect.not.stringMatching(/^sha256-/) },
  ],
  [event({}, { extra: 1 }), { context: { extra: 1 } }],
])("%j means %j", async (sent, expected) => {
  expect(await keptOf([sent])).toMatchObject([expected]);
});

const DEVICE = "01a22cbd-42b2-7f57-9935-ee0f33e26c6f";
const ANY = "0b8a4b3e-6f3c-4c19-9d3a-1f2e3d4c5b6a";
const lite = { $lib: "js", $session_id: "01a22cbd-42b2-7f57-9935-ee1067e27c02" };
const acme = { $group_type: "company", $group_key: "acme", $group_set: { name: "A" } };

/** As posthog-js-lite 4.12.1 sends them; what it does not capture has no `$is_identified`. */
test.each<[string, object, string, object]>([
  ["$groupidentify", { ...lite, ...acme }, DEVICE, { anonymousId: DEVICE, userId: null }],
  ["$create_alias", { ...lite, alias: "x" }, DEVICE, { anonymousId: DEVICE, userId: null }],
  ["$autocapture", { ...lite, $lib: "posthog-react-native" }, DEVICE, { anonymousId: DEVICE }],
  ["$autocapture", lite, "user-1", { userId: "user-1" }],
  ["Viewed", { ...lite, $is_identified: true }, DEVICE, { userId: DEVICE }],
  ["$identify", { ...lite, $anon_distinct_id: "a" }, DEVICE, { anonymousId: "a", userId: DEVICE }],
  ["Viewed", { $lib: "posthog-node" }, DEVICE, { userId: DEVICE }],
  // By 7.91.1 for Python, told nobody who does it, and somebody.
  ["$groupidentify", { $lib: "posthog-python", ...acme }, ANY, { anonymousId: null, userId: null }],
  ["$groupidentify", { $lib: "posthog-python", ...acme }, "user-1", { userId: "user-1" }],
  ["Paid", { $lib: "posthog-python" }, ANY, { userId: ANY }],
])("%s with %j is of %s: %j", async (name, properties, distinct_id, person) => {
  const [kept] = await keptOf([event(properties, { event: name, distinct_id })]);
  expect(kept).toMatchObject(person);
});

test.each([
  ["$identify", { $set: { plan: "pro" } }],
  ["$set", { $set: { plan: "pro" } }],
  ["$groupidentify", { $group_set: { plan: "pro" } }],
])("%s has no other traits than those that it sets", async (name, set) => {
  const [kept] = await keptOf([event({ color: "red", ...set }, { event: name })]);
  expect(kept!.properties).toEqual({ plan: "pro" });
  expect(kept!.context).toMatchObject({ color: "red" });
});

test.each([
  [undefined, []],
  [true, []],
  [["analytics"], []],
  [{ analytics: "yes" }, []],
  [{ Analytics: true, email: false, advertising: true }, ["analytics", "advertising"]],
])("consent %j grants %j", async (given, granted) => {
  const [kept] = await keptOf([event({ consent: given })]);
  expect(kept!.consent).toEqual(granted);
});

test("an offset is counted back from when it came", async () => {
  const [kept] = await keptOf([event({}, { timestamp: undefined, offset: 5_000 })]);
  expect(Date.parse(kept!.receivedAt) - Date.parse(kept!.occurredAt)).toBe(5_000);
});

test.each([
  [7, "event must be a JSON object"],
  [event({}, { event: "" }), 'event must be the name of what happened, got ""'],
  [event({}, { properties: "x" }), 'properties must be a JSON object, got "x"'],
  [event({}, { distinct_id: null }), "distinct_id must be given"],
  [event({}, { timestamp: "now" }), 'timestamp must be a time in ISO 8601, got "now"'],
])("fails on %j with a bad row: %s", async (sent, reason) => {
  const { post, kept } = await openApp();
  expect((await post("/batch/", { api_key: WRITE_KEY, batch: [sent] }, {})).status).toBe(200);
  const { badRows } = await kept();
  expect(badRows.map((row) => row.reason)).toEqual([reason]);
  expect(JSON.parse(Buffer.from(badRows[0]!.raw, "base64").toString())).toEqual(sent);
});

test.each([
  ["an array", (events: object[]) => events],
  ["a batch without a key", (events: object[]) => ({ batch: events })],
])("fails on an event of %s that is of another key than the others", async (_, bodyOf) => {
  const { post, kept } = await openApp();
  const other = event({ token: "APP_WRITE_KEY" }, { uuid: "2" });
  const [first, second] = [event({ token: undefined }, { uuid: "3" }), event()];
  expect((await post("/e", bodyOf([first, second, other]), {})).status).toBe(200);
  const { events, badRows } = await kept();
  expect(events.map(({ source, id }) => [source, id])).toEqual([
    ["website", "3"],
    ["website", "1"],
  ]);
  expect(badRows.map(({ source, reason }) => [source, reason])).toEqual([
    ["website", "token must be the same in all of a request"],
  ]);
});

test("beside a batch's own key, a property token is any property", async () => {
  const [kept] = await keptOf({ api_key: WRITE_KEY, batch: [event({ token: "of-a-card" })] });
  expect(kept).toMatchObject({ source: "website" });
});

test.each([
  [`{"api_key":"${WRITE_KEY}",`, "body must be JSON"],
  [`data=${Buffer.from(`{"token":"${WRITE_KEY}"`).toString("base64")}`, "body must be JSON"],
  [{ api_key: WRITE_KEY, batch: 7 }, "batch must be an array of events"],
  [{ api_key: WRITE_KEY, batch: Array(2_501).fill(1) }, "events must be at most 2500, got 2501"],
])(
  "fails on a body that is none with 400, which its SDKs do not send again",
  async (body, reason) => {
    const { post, kept } = await openApp();
    expect((await post("/batch/", body, {})).status).toBe(400);
    expect((await kept()).badRows.map((row) => row.reason)).toEqual([reason]);
  },
);

test.each(["data=%", "data=%E0%A4%A", "data=", "[]", "null", "{}", "data=W10="])(
  "fails on %s without a write key with 401, nothing kept",
  async (body) => {
    const { post, kept } = await openApp();
    expect((await post("/e/", body, {})).status).toBe(401);
    expect(await kept()).toEqual({ events: [], badRows: [] });
  },
);

test("a person has no flags", async () => {
  const { post } = await openApp();
  const asked = { token: WRITE_KEY, distinct_id: "user-1" };
  const { status, body } = await post("/flags/?v=2", asked, {});
  expect(status).toBe(200);
  expect(JSON.parse(body)).toEqual({
    flags: {},
    featureFlags: {},
    featureFlagPayloads: {},
    errorsWhileComputingFlags: false,
    requestId: expect.any(String),
  });
  expect(JSON.parse((await post("/flags/?v=2&config=true", asked, {})).body)).toMatchObject({
    sessionRecording: false,
  });
  expect((await post("/flags/?v=2", { token: "nobody" }, {})).status).toBe(401);
});

test("posthog-js finds settings that load no scripts, as JSON and as a script", async () => {
  const { get } = await openApp();
  const config = JSON.parse((await get(`/array/${WRITE_KEY}/config?ip=0`)).body);
  expect(config).toMatchObject({ token: WRITE_KEY, sessionRecording: false });
  expect(config).not.toHaveProperty("surveys");
  const script = await get(`/array/${WRITE_KEY}/config.js`);
  expect(script.headers["content-type"]).toBe("text/javascript");
  const window: Record<string, unknown> = {};
  new Function("window", script.body)(window);
  expect(window).toEqual({
    _POSTHOG_REMOTE_CONFIG: { [WRITE_KEY]: { config, siteApps: [] } },
  });
  expect((await get("/array/nobody/config")).status).toBe(401);
});
