import type { Event } from "../../../../services/contract/event.ts";
import { openApp, WRITE_KEY } from "../open-app.ts";

const URL = `/mp/collect?measurement_id=G-1&api_secret=${WRITE_KEY}`;
const DEBUG = `/debug${URL}`;
const CONSENT = { consent: { analytics_storage: "GRANTED" } };

async function keptOf(request: object): Promise<Event[]> {
  const { post, kept } = await openApp();
  expect(await post(URL, request, {})).toEqual({ status: 204, headers: {}, body: "" });
  return (await kept()).events;
}

async function messagesOf(body: unknown): Promise<unknown[]> {
  const { post, kept } = await openApp();
  const answer = await post(DEBUG, body, {});
  expect(answer.status).toBe(200);
  expect(await kept()).toEqual({ events: [], badRows: [] });
  return JSON.parse(answer.body).validationMessages;
}

test("an event of the Measurement Protocol becomes the contract's fields", async () => {
  const [event] = await keptOf({
    client_id: "1.2",
    user_id: "user-1",
    timestamp_micros: "1767225600000000",
    user_properties: { plan: { value: "pro" } },
    non_personalized_ads: true,
    consent: {
      analytics_storage: "granted",
      ad_user_data: "GRANTED",
      ad_personalization: "DENIED",
    },
    events: [
      {
        name: "purchase",
        params: {
          value: 12.5,
          currency: "EUR",
          campaign: "spring-sale",
          items: [{ item_id: "a" }],
        },
      },
    ],
  });
  expect(event).toEqual({
    source: "website",
    id: expect.stringMatching(/^sha256-/),
    type: "track",
    name: "purchase",
    dialect: "ga4",
    anonymousId: "1.2",
    userId: "user-1",
    occurredAt: "2026-01-01T00:00:00.000Z",
    receivedAt: expect.any(String),
    context: {
      measurement_id: "G-1",
      user_properties: { plan: { value: "pro" } },
      non_personalized_ads: true,
      consent: {
        analytics_storage: "granted",
        ad_user_data: "GRANTED",
        ad_personalization: "DENIED",
      },
    },
    properties: {
      value: 12.5,
      currency: "EUR",
      campaign: "spring-sale",
      items: [{ item_id: "a" }],
    },
    consent: ["analytics"],
    campaign: "spring-sale",
  });
});

test.each([
  [{ name: "page_view", params: { page_title: "Index" } }, "page", "Index"],
  [{ name: "page_view" }, "page", null],
  [{ name: "screen_view", params: { screen_name: "Home" } }, "screen", "Home"],
  [{ name: "constructor" }, "track", "constructor"],
])("%j is a %s", async (event, type, name) => {
  expect(await keptOf({ ...CONSENT, client_id: "c", events: [event] })).toMatchObject([
    { type, name },
  ]);
});

test.each([
  [undefined, []],
  ["GRANTED", []],
  [{ ad_user_data: "GRANTED", ad_personalization: "GRANTED" }, []],
  [{ analytics_storage: true }, []],
  [{ analytics_storage: "DENIED" }, []],
  [
    { analytics_storage: "GRANTED", ad_user_data: "GRANTED", ad_personalization: "GRANTED" },
    ["analytics", "advertising"],
  ],
])("consent %j grants %j", async (consent, granted) => {
  const [event] = await keptOf({ client_id: "c", consent, events: [{ name: "e" }] });
  expect(event!.consent).toEqual(granted);
});

test.each([
  [undefined, ["analytics", "advertising"]],
  [false, ["analytics", "advertising"]],
  [true, ["analytics"]],
  ["true", ["analytics"]],
  [1, ["analytics"]],
])("ads that are not personalized, said by %j, leave of consent %j", async (said, granted) => {
  const [event] = await keptOf({
    client_id: "c",
    non_personalized_ads: said,
    consent: {
      analytics_storage: "GRANTED",
      ad_user_data: "GRANTED",
      ad_personalization: "GRANTED",
    },
    events: [{ name: "e" }],
  });
  expect(event!.consent).toEqual(granted);
});

test("the same request sent again has the same ids, each of its events another", async () => {
  const event = { name: "view_item", params: {} };
  const request = { ...CONSENT, client_id: "c", timestamp_micros: 1, events: [event, event] };
  const ids = async (): Promise<string[]> => (await keptOf(request)).map(({ id }) => id);
  const first = await ids();
  expect(await ids()).toEqual(first);
  expect(new Set(first).size).toBe(2);
});

test("of events that do not say when they happened none is taken for another", async () => {
  const request = { ...CONSENT, client_id: "c", events: [{ name: "e" }, { name: "e" }] };
  expect(new Set((await keptOf(request)).map(({ id }) => id)).size).toBe(2);
});

test.each([
  [{ client_id: "c", events: [7] }, "event must be a JSON object"],
  [{ client_id: "c", events: [{}] }, "name must be the name of what happened, got nothing"],
  [{ client_id: "c", events: [{ name: "e", params: 1 }] }, "params must be a JSON object, got 1"],
  [{ events: [{ name: "e" }] }, "client_id or app_instance_id must be given"],
  [
    { client_id: "c", timestamp_micros: "now", events: [{ name: "e" }] },
    'timestamp_micros must be microseconds since 1970, got "now"',
  ],
  [
    { client_id: "c", timestamp_micros: {}, events: [{ name: "e" }] },
    "timestamp_micros must be microseconds since 1970, got an object",
  ],
])("fails on %j with a bad row and 204: %s", async (request, reason) => {
  const { post, kept } = await openApp();
  expect((await post(URL, request, {})).status).toBe(204);
  const { badRows } = await kept();
  expect(badRows.map((row) => row.reason)).toEqual([reason]);
  expect(JSON.parse(Buffer.from(badRows[0]!.raw, "base64").toString())).toEqual(request);
});

test.each([
  ["{nope", "body must be JSON"],
  ['{"events":{}}', "events must be an array"],
  [{ events: Array(26).fill({}) }, "events must be at most 25, got 26"],
  ["x".repeat(131 * 1024), "body must be at most 133120 bytes, got 134144"],
])("fails on a body that is none with one bad row and 204", async (body, reason) => {
  const { post, kept } = await openApp();
  expect((await post(URL, body, {})).status).toBe(204);
  expect((await kept()).badRows.map((row) => row.reason)).toEqual([reason]);
});

test("fails on an unknown secret with 401, nothing kept", async () => {
  const { post, kept } = await openApp();
  expect((await post("/mp/collect?api_secret=nobody", { events: [] }, {})).status).toBe(401);
  expect((await post("/debug/mp/collect", { events: [] }, {})).status).toBe(401);
  expect(await kept()).toEqual({ events: [], badRows: [] });
});

test("the debug endpoint finds nothing wrong with a right request", async () => {
  const params = { engagement_time_msec: 1, page_location: `https://x.test/${"x".repeat(200)}` };
  expect(await messagesOf({ client_id: "c", events: [{ name: "sign_up", params }] })).toEqual([]);
});

test.each([
  ["{nope", [["", "VALUE_INVALID"]]],
  [{ client_id: "c", events: [] }, [["events", "VALUE_REQUIRED"]]],
  [{ events: [{ name: "e" }] }, [["events[0]", "VALUE_REQUIRED"]]],
  [{ client_id: "c", events: [7] }, [["events[0]", "VALUE_INVALID"]]],
  [{ client_id: "c", events: [{ name: "1st" }] }, [["events[0].name", "NAME_INVALID"]]],
  [{ client_id: "c", events: [{ name: "session_start" }] }, [["events[0].name", "NAME_RESERVED"]]],
  [
    { client_id: "c", events: [{ name: "e", params: { ga_x: 1, y: "x".repeat(101) } }] },
    [
      ["events[0].params.ga_x", "NAME_RESERVED"],
      ["events[0].params.y", "VALUE_INVALID"],
    ],
  ],
  [
    { client_id: "c", events: Array(26).fill({ name: "e" }) },
    [["events", "EXCEEDED_MAX_ENTITIES"]],
  ],
  [
    {
      client_id: "c",
      events: [
        {
          name: "e",
          params: Object.fromEntries(Array.from({ length: 26 }, (_, n) => [`p${n}`, n])),
        },
      ],
    },
    [["events[0].params", "EXCEEDED_MAX_ENTITIES"]],
  ],
])("the debug endpoint says what is wrong, %#", async (body, expected) => {
  const messages = (await messagesOf(body)) as { fieldPath: string; validationCode: string }[];
  expect(messages.map(({ fieldPath, validationCode }) => [fieldPath, validationCode])).toEqual(
    expected,
  );
});
