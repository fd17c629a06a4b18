import type { Event } from "../../../../services/contract/event.ts";
import { openApp, WRITE_KEY } from "../open-app.ts";

const consent = { analytics: true };

const event = (changes: object = {}): object => ({
  event_type: "Order Completed",
  user_id: "user-1",
  insert_id: "1",
  time: 1767225600000,
  event_properties: { consent },
  ...changes,
});

async function keptOf(sent: object, request: object = {}): Promise<Event[]> {
  const { post, kept } = await openApp();
  const body = { api_key: WRITE_KEY, events: [sent], ...request };
  expect((await post("/2/httpapi", body, {})).status).toBe(200);
  return (await kept()).events;
}

test.each(["/2/httpapi", "/batch"])("%s answers with the code its SDKs read", async (path) => {
  const { post, kept } = await openApp();
  const body = JSON.stringify({ api_key: WRITE_KEY, events: [event()] });
  const answer = await post(path, body, {});
  expect(JSON.parse(answer.body)).toEqual({
    code: 200,
    events_ingested: 1,
    payload_size_bytes: body.length,
    server_upload_time: expect.any(Number),
  });
  expect((await kept()).events).toMatchObject([{ id: "1", dialect: "amplitude" }]);
});

test("on /batch, what has a batch before events is PostHog's", async () => {
  const { post } = await openApp();
  const named = (name: string): object => ({ distinct_id: "u", event: name });
  const posthogs = { api_key: WRITE_KEY, batch: [named("events")] };
  expect((await post("/batch/", posthogs, {})).body).toBe('{"status":1}');
  const amplitudes = { api_key: WRITE_KEY, events: [event({ event_type: "batch" })] };
  expect(JSON.parse((await post("/batch", amplitudes, {})).body).code).toBe(200);
});

test.each<[object, object]>([
  [
    event({ event_properties: { a: 1, consent }, app_version: "1.2" }),
    { properties: { a: 1 }, context: { app_version: "1.2", consent } },
  ],
  [
    event({ event_type: "$identify", user_properties: { $set: { plan: "pro" } } }),
    { type: "identify", name: null, properties: { plan: "pro" } },
  ],
  [
    event({ event_type: "$identify", user_properties: { plan: "pro" } }),
    { type: "identify", properties: { plan: "pro" } },
  ],
  [
    event({
      event_type: "$identify",
      event_properties: null,
      user_properties: { $set: { consent } },
    }),
    { type: "identify", consent: ["analytics"] },
  ],
  [
    event({ event_type: "$identify", user_properties: { $add: { logins: 1 } } }),
    { properties: {}, context: { user_properties: { $add: { logins: 1 } } } },
  ],
  [
    event({
      event_type: "$identify",
      user_properties: { $set: { plan: "pro" }, $unset: { old: "-" } },
    }),
    { properties: { plan: "pro", old: null } },
  ],
  [
    event({ event_type: "$groupidentify", groups: { company: ["acme", "globex"] } }),
    { type: "group", context: { groupId: "acme", groups: { company: ["acme", "globex"] } } },
  ],
  [
    event({
      event_type: "[Amplitude] Page Viewed",
      event_properties: { "[Amplitude] Page Title": "Index", consent },
    }),
    { type: "page", name: "Index" },
  ],
  [event({ device_id: "d" }), { anonymousId: "d", userId: "user-1" }],
  [event({ insert_id: undefined }), { id: expect.stringMatching(/^sha256-/) }],
  [event({ insert_id: undefined, time: undefined }), { id: expect.not.stringMatching(/^sha256-/) }],
  [event({ user_properties: { utm_campaign: "spring-sale" } }), { campaign: "spring-sale" }],
])("%j means %j", async (sent, expected) => {
  expect(await keptOf(sent)).toMatchObject([expected]);
});

test("a clock that is a day late is put right", async () => {
  const dayAgo = Date.now() - 86_400_000;
  const [kept] = await keptOf(event({ time: dayAgo - 5_000 }), {
    client_upload_time: new Date(dayAgo).toISOString(),
  });
  expect(Date.parse(kept!.receivedAt) - Date.parse(kept!.occurredAt)).toBe(5_000);
});

test.each([
  [undefined, []],
  [{ analytics: "true" }, []],
  [{ analytics: true, ADVERTISING: true }, ["analytics", "advertising"]],
])("consent %j grants %j", async (given, granted) => {
  const [kept] = await keptOf(event({ event_properties: { consent: given } }));
  expect(kept!.consent).toEqual(granted);
});

test.each([
  [7, "event must be a JSON object"],
  [event({ event_type: null }), "event_type must be the name of what happened, got null"],
  [event({ user_id: "" }), "user_id or device_id must be given, got neither"],
  [event({ groups: "acme" }), 'groups must be a JSON object, got "acme"'],
  [event({ time: "now" }), 'time must be milliseconds since 1970, got "now"'],
  [event({ time: 1e300 }), "time must be milliseconds since 1970, got 1e+300"],
])("fails on %j with a bad row and success, lest it is sent for ever: %s", async (sent, reason) => {
  const { post, kept } = await openApp();
  const body = { api_key: WRITE_KEY, events: [event(), sent] };
  expect(JSON.parse((await post("/2/httpapi", body, {})).body).code).toBe(200);
  const { events, badRows } = await kept();
  expect(events).toHaveLength(1);
  expect(badRows.map((row) => row.reason)).toEqual([reason]);
  expect(JSON.parse(Buffer.from(badRows[0]!.raw, "base64").toString())).toEqual(sent);
});

test.each<[string, unknown, object]>([
  [
    "what is no JSON",
    `{"api_key":"${WRITE_KEY}",`,
    { code: 400, error: "body must be JSON", missing_field: "events" },
  ],
  [
    "no events",
    { api_key: WRITE_KEY },
    { code: 400, error: "events must be an array", missing_field: "events" },
  ],
  [
    "an unknown key",
    { api_key: "nobody", events: [] },
    { code: 400, error: "Invalid API key: write key must be one of a source" },
  ],
])("fails on %s in a way that ends its being sent", async (_, body, answer) => {
  const { post } = await openApp();
  expect(JSON.parse((await post("/2/httpapi", body, {})).body)).toEqual(answer);
});

test("fails with code 503, which is sent again, while the spool is full", async () => {
  const { post } = await openApp(100);
  const body = { api_key: WRITE_KEY, events: [event()] };
  await post("/2/httpapi", body, {});
  const answer = await post("/2/httpapi", body, {});
  expect(answer).toMatchObject({ status: 503, headers: { "retry-after": "5" } });
  expect(JSON.parse(answer.body).code).toBe(503);
});

test("the browser SDK finds nothing configured from here", async () => {
  const { get } = await openApp();
  const { status, body } = await get(`/config/${WRITE_KEY}?config_group=browser`);
  expect([status, body]).toEqual([200, '{"configs":{}}']);
  expect((await get("/config/nobody")).status).toBe(401);
});
