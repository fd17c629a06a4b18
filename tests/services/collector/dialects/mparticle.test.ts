import type { Event } from "../../../../services/contract/event.ts";
import { BASIC, openApp, WRITE_KEY } from "../open-app.ts";

const consent_state = { gdpr: { analytics: { consented: true } } };

/** A batch as the web SDK sends it. */
const batch = (events: unknown, changes: object = {}): object => ({
  source_request_id: "request-1",
  mpid: "7",
  mp_deviceid: "device-1",
  timestamp_unixtime_ms: Date.UTC(2026, 0, 1),
  user_identities: { customer_id: "user-1" },
  consent_state,
  events,
  ...changes,
});

const event = (data: object = {}, kind = "custom_event"): object => ({
  event_type: kind,
  data: { source_message_id: "1", event_name: "Order Completed", ...data },
});

const WEB = `/webevents/v3/JS/${WRITE_KEY}/events`;

async function keptOf(body: unknown, path = WEB): Promise<Event[]> {
  const { post, kept } = await openApp();
  expect(await post(path, body)).toMatchObject({ status: 202, body: "" });
  return (await kept()).events;
}

test.each([
  ["the web SDK", WEB, batch([event()])],
  ["the web SDK without a domain of its own", `/v3/JS/${WRITE_KEY}/events`, batch([event()])],
  ["a server", "/v2/events", batch([event()])],
  ["a server in bulk", "/v2/bulkevents", [batch([event()])]],
])("a batch of %s is read", async (_, path, body) => {
  expect(await keptOf(body, path)).toMatchObject([
    { source: "website", dialect: "mparticle", id: "1", userId: "user-1", anonymousId: "device-1" },
  ]);
});

test.each<[object, object]>([
  [event({ custom_attributes: { a: 1 } }), { name: "Order Completed", properties: { a: 1 } }],
  [event({ screen_name: "Home" }, "screen_view"), { type: "screen", name: "Home" }],
  [event({ product_action: { action: "purchase" } }, "commerce_event"), { name: "purchase" }],
  [event({}, "session_start"), { name: "session_start" }],
  [event({ timestamp_unixtime_ms: 0 }), { occurredAt: "1970-01-01T00:00:00.000Z" }],
  [event({ timestamp_unixtime_ms: "1767225600000" }), { occurredAt: "2026-01-01T00:00:00.000Z" }],
  [event({ custom_attributes: { utm_campaign: "spring" } }), { campaign: "spring" }],
  [event({ launch_referral: "https://shop.example/?utm_campaign=fall" }), { campaign: "fall" }],
  [event({ source_message_id: undefined }), { id: expect.stringMatching(/^sha256-/) }],
])("%j means %j", async (sent, expected) => {
  expect(await keptOf(batch([sent]))).toMatchObject([expected]);
});

test("an id that its SDK for Python sends as a long integer keeps its digits", async () => {
  const sent = batch([event()], { mp_deviceid: undefined });
  const body = JSON.stringify(sent).replace('"mpid":"7"', '"mpid":7346244611012968789');
  expect(await keptOf(body, "/v2/events")).toMatchObject([
    { anonymousId: "7346244611012968789", context: { mpid: "7346244611012968789" } },
  ]);
});

test("a batch without events says what a person is like", async () => {
  expect(await keptOf(batch([], { user_attributes: { plan: "pro" } }))).toMatchObject([
    { type: "identify", name: null, id: "request-1", properties: { plan: "pro" } },
  ]);
});

test.each(["/webevents/v1/identity", "/v1/identity"])(
  "at %s, that two ids are one person's is kept without them, because no consent is told",
  async (path) => {
    const alias = { request_id: "r", data: { source_mpid: "7", destination_mpid: "8" } };
    expect(await keptOf(alias, `${path}/${WRITE_KEY}/Alias`)).toMatchObject([
      { type: "alias", id: "r", name: null, anonymousId: null, context: {}, properties: {} },
    ]);
  },
);

test.each([
  [undefined, []],
  [{ gdpr: { analytics: { consented: "yes" } } }, []],
  [{ gdpr: { analytics: true } }, []],
  [
    { gdpr: { Analytics: { consented: true }, advertising: { consented: true } }, ccpa: {} },
    ["analytics", "advertising"],
  ],
  [
    {
      gdpr: { analytics: { consented: true }, advertising: { consented: true } },
      ccpa: { data_sale_opt_out: { consented: true } },
    },
    ["analytics"],
  ],
  [
    {
      gdpr: { analytics: { consented: true }, advertising: { consented: true } },
      ccpa: { data_sale_opt_out: { consented: false } },
    },
    ["analytics", "advertising"],
  ],
])("consent state %j grants %j", async (state, granted) => {
  const [kept] = await keptOf(batch([event()], { consent_state: state }));
  expect(kept!.consent).toEqual(granted);
});

test.each<[unknown, string]>([
  [7, "event must be a JSON object"],
  [{ data: {} }, "event_type must be the kind of event, got nothing"],
  [{ event_type: "custom_event", data: 7 }, "data must be a JSON object, got 7"],
  [event({ custom_attributes: 7 }), "custom_attributes must be a JSON object, got 7"],
  [
    event({ timestamp_unixtime_ms: "now" }),
    'timestamp_unixtime_ms must be milliseconds since 1970, got "now"',
  ],
  [
    event({ timestamp_unixtime_ms: "" }),
    'timestamp_unixtime_ms must be milliseconds since 1970, got ""',
  ],
])(
  "fails on %j with a bad row that holds it and its batch, and is not sent again: %s",
  async (sent, reason) => {
    const { post, kept } = await openApp();
    expect((await post(WEB, batch([event(), sent]))).status).toBe(202);
    const { events, badRows } = await kept();
    expect(events).toHaveLength(1);
    expect(badRows.map((row) => row.reason)).toEqual([reason]);
    expect(JSON.parse(Buffer.from(badRows[0]!.raw, "base64").toString())).toEqual(
      JSON.parse(JSON.stringify(batch([sent]))),
    );
  },
);

test.each<[unknown, string]>([
  ["{", "body must be JSON"],
  [7, "batch must be a JSON object"],
  [{ events: 7 }, "events must be an array"],
  [{ events: Array(101).fill(1) }, "events of a batch must be at most 100, got 101"],
  [Array(101).fill({}), "events must be at most 100, got 101"],
])("fails on a body that is no batch with a bad row: %#", async (body, reason) => {
  const { post, kept } = await openApp();
  expect((await post("/v2/bulkevents", body)).status).toBe(202);
  expect((await kept()).badRows.map((row) => row.reason)).toEqual([reason]);
});

test("the web SDK finds settings that load no kits", async () => {
  const { get } = await openApp();
  const { status, body } = await get(`/tags/JS/v2/${WRITE_KEY}/config`);
  expect(status).toBe(200);
  expect(JSON.parse(body)).toMatchObject({ kitConfigs: [], workspaceToken: WRITE_KEY });
  expect((await get("/tags/JS/v2/nobody/config")).status).toBe(401);
});

test("a customer is the same person on each device, and a device the same until somebody logs in and after that", async () => {
  const { post } = await openApp();
  const idOf = async (body: unknown, path = "identify"): Promise<string> => {
    const answer = await post(`/identity/v1/${path}`, body, { "x-mp-key": WRITE_KEY });
    expect(answer).toMatchObject({ status: 200, headers: { "x-mp-max-age": "86400" } });
    return JSON.parse(answer.body).mpid;
  };
  const first = await idOf({ known_identities: { device_application_stamp: "a" } });
  expect(first).toMatch(/^[1-9]\d{0,18}$/);
  expect(await idOf({ known_identities: { device_application_stamp: "a" } })).toBe(first);
  expect(await idOf({ known_identities: {}, previous_mpid: first })).toBe(first);
  const customer = await idOf({ known_identities: { customerid: "u" } }, "login");
  expect(customer).not.toBe(first);
  const left = { known_identities: { device_application_stamp: "a" }, previous_mpid: customer };
  expect(await idOf(left)).toBe(customer);
  expect(await idOf(left, "logout")).toBe(first);
  expect(
    await idOf({ known_identities: { customerid: "u", device_application_stamp: "b" } }, "login"),
  ).toBe(customer);
});

test("who logs in by an identity of a person is another one than the device, and than each other", async () => {
  const { post } = await openApp();
  const device = { device_application_stamp: "a" };
  const found = async (known: object, previous?: string): Promise<{ mpid: string }> => {
    const body = { known_identities: { ...device, ...known }, previous_mpid: previous };
    return JSON.parse((await post("/identity/v1/login", body, { "x-mp-key": WRITE_KEY })).body);
  };
  const visitor = await found({ push_token: "p" });
  expect(visitor).toMatchObject({ is_logged_in: false });
  const people: object[] = [
    ...[{ email: "u" }, { email: "v" }, { other: "u" }, { other10: "u" }, { google: "u" }],
    ...[{ mobile_number: "u" }, { phone_number_3: "u" }, { customerid: "u" }],
  ];
  const mpids = new Set([visitor.mpid]);
  for (const known of people) {
    const person = await found(known, visitor.mpid);
    expect(person).toMatchObject({ is_logged_in: true });
    mpids.add(person.mpid);
  }
  expect(mpids.size).toBe(people.length + 1);
  // Whose id is known is not told by what else is.
  const { mpid } = await found({ customerid: "u" });
  expect(await found({ email: "v", customerid: "u" })).toMatchObject({ mpid });
  expect(await found({ customer_id: "u" })).toMatchObject({ mpid });
});

test("changed identities are acknowledged", async () => {
  const { post } = await openApp();
  const { body } = await post(
    "/identity/v1/7/modify",
    { identity_changes: [{ identity_type: "email", new_value: "u@example.com" }] },
    { "x-mp-key": WRITE_KEY },
  );
  expect(JSON.parse(body)).toEqual({
    change_results: [{ identity_type: "email", modified_mpid: "7" }],
  });
});

test("fails without a known key with 401", async () => {
  const { post, kept } = await openApp();
  expect((await post("/webevents/v3/JS/nobody/events", batch([event()]), {})).status).toBe(401);
  expect((await post("/v2/events", batch([event()]), { authorization: BASIC })).status).toBe(202);
  expect((await kept()).events).toHaveLength(1);
});
