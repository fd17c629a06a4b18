import type { Event } from "../../../../services/contract/event.ts";
import { openApp, WRITE_KEY } from "../open-app.ts";

const consent = { analytics: true };

const event = (properties: object = {}, name = "Order Completed"): object => ({
  event: name,
  properties: { token: WRITE_KEY, distinct_id: "user-1", $insert_id: "1", consent, ...properties },
});

const base64 = (value: unknown): string => Buffer.from(JSON.stringify(value)).toString("base64");

async function keptOf(body: unknown, path = "/track"): Promise<Event[]> {
  const { post, kept } = await openApp();
  expect(await post(path, body, {})).toMatchObject({ status: 200, body: "1" });
  return (await kept()).events;
}

const MARKS = event({ text: "~~???>>>" }); // has + and / in base64

test.each<[string, unknown]>([
  ["base64 that is not escaped", `data=${base64([MARKS])}`],
  ["base64 that is escaped", `data=${encodeURIComponent(base64(MARKS))}`],
  ["JSON in a form", `verbose=0&data=${encodeURIComponent(JSON.stringify([MARKS]))}`],
  ["JSON", [MARKS]],
  ["one line", `${JSON.stringify(MARKS)}\n`],
])("%s is read", async (_, body) => {
  expect(await keptOf(body)).toMatchObject([
    { source: "website", dialect: "mixpanel", id: "1", properties: { text: "~~???>>>" } },
  ]);
});

/** As its SDK 5.4.1 for Python sends it, by `requests`. */
const fromPython = (message: unknown): string =>
  new URLSearchParams({ data: JSON.stringify(message), verbose: "1", ip: "0" }).toString();

test.each<[string, object, object]>([
  ["/track", event({ note: "a + b & c" }), { properties: { note: "a + b & c" } }],
  ["/import?project_id=1", event({ time: 1767225600 }), { name: "Order Completed" }],
  [
    "/engage",
    { $token: WRITE_KEY, $distinct_id: "user-1", $set: { $name: "Ann Lee", consent } },
    { properties: { $name: "Ann Lee" } },
  ],
  [
    "/groups",
    { $token: WRITE_KEY, $group_key: "company", $group_id: "Acme Inc.", $set: { consent } },
    { context: { groupId: "Acme Inc." } },
  ],
])("on %s, its SDK for Python is told what it asks for in the form: %j", async (path, sent, is) => {
  const { post, kept } = await openApp();
  expect(await post(path, fromPython(sent), {})).toMatchObject({
    status: 200,
    body: '{"status":1,"error":null}',
  });
  expect((await kept()).events).toMatchObject([is]);
});

test("fails its SDK for Python with the reason, not with a digit that it cannot read", async () => {
  const { post } = await openApp();
  const sent = { event: "e", properties: { token: "nobody" } };
  expect(await post("/track", fromPython(sent), {})).toMatchObject({
    status: 401,
    body: '{"status":0,"error":"write key must be one of a source"}',
  });
});

test("two people whose ids are long integers stay two", async () => {
  const [one, other] = ["12345678901234567", "12345678901234568"];
  const sent = JSON.stringify([event({ distinct_id: 1 }), event({ distinct_id: 2 })]);
  const body = sent.replace(":1,", `:${one},`).replace(":2,", `:${other},`);
  expect((await keptOf(body)).map(({ userId }) => userId)).toEqual([one, other]);
});

test("several lines are several events", async () => {
  const lines = [event({ $insert_id: "1" }), event({ $insert_id: "2", url: "?a&data=x" })];
  const body = lines.map((line) => JSON.stringify(line)).join("\r\n");
  expect((await keptOf(body, "/import")).map(({ id }) => id)).toEqual(["1", "2"]);
});

test("an event in the URL is read", async () => {
  const { get, kept } = await openApp();
  expect((await get(`/track/?ip=0&data=${base64(event())}`)).body).toBe("1");
  expect((await kept()).events).toHaveLength(1);
});

test.each([
  ["", "1"],
  ["?verbose=0", "1"],
  ["?verbose=1", '{"status":1,"error":null}'],
  ["?strict=1", '{"code":200,"num_records_imported":1,"status":"OK"}'],
])("/import%s answers %s", async (query, answer) => {
  const { post } = await openApp();
  expect(await post(`/import${query}`, [event()], {})).toMatchObject({ status: 200, body: answer });
});

test.each<[object, object]>([
  [
    event({ a: 1, $browser: "Chrome", mp_lib: "web" }),
    { properties: { a: 1 }, context: { $browser: "Chrome", mp_lib: "web", consent } },
  ],
  [event({ current_page_title: "Index" }, "$mp_web_page_view"), { type: "page", name: "Index" }],
  [
    event({ $device_id: "d", $user_id: "user-1" }, "$identify"),
    { type: "identify", name: null, anonymousId: "d", userId: "user-1" },
  ],
  [
    event({ alias: "anon-1" }, "$create_alias"),
    { type: "alias", name: null, properties: { previousId: "anon-1" } },
  ],
  [event({ alias: "x" }), { type: "track", properties: { alias: "x" } }],
  [event({ distinct_id: "$device:d" }), { anonymousId: "d", userId: null }],
  [event({ distinct_id: undefined }), { anonymousId: null, userId: null }],
  [event({ time: 1767225600 }), { occurredAt: "2026-01-01T00:00:00.000Z" }],
  [event({ distinct_id: 123456 }), { userId: "123456" }],
  [event({ time: 1767225600.5 }), { occurredAt: "2026-01-01T00:00:00.500Z" }],
  [event({ time: 1767225600000 }), { occurredAt: "2026-01-01T00:00:00.000Z" }],
  [event({ time: "1767225600" }), { occurredAt: "2026-01-01T00:00:00.000Z" }],
  [event({ time: 1, $insert_id: undefined }), { id: expect.stringMatching(/^sha256-/) }],
  [event({ $insert_id: undefined }), { id: expect.not.stringMatching(/^sha256-/) }],
])("%j means %j", async (sent, expected) => {
  expect(await keptOf(sent)).toMatchObject([expected]);
});

test.each<[string, object, object]>([
  [
    "/engage",
    { $distinct_id: "user-1", $set: { plan: "pro", consent }, $time: 1767225600 },
    {
      type: "identify",
      userId: "user-1",
      properties: { plan: "pro", consent },
      occurredAt: "2026-01-01T00:00:00.000Z",
      id: expect.stringMatching(/^sha256-/),
    },
  ],
  [
    "/engage",
    { $distinct_id: "$device:d", $set_once: { source: "mail", consent } },
    {
      anonymousId: "d",
      userId: null,
      properties: {},
      context: { $set_once: { source: "mail", consent } },
    },
  ],
  [
    "/engage",
    { $distinct_id: "user-1", $unset: ["plan", "", 7], consent },
    { properties: { plan: null, 7: null }, context: { $unset: ["plan", "", 7] } },
  ],
  [
    "/groups",
    { $group_key: "company", $group_id: "acme", $set: { name: "Acme", consent } },
    {
      type: "group",
      anonymousId: null,
      userId: null,
      properties: { name: "Acme", consent },
      context: { groupId: "acme", $group_key: "company" },
    },
  ],
])("on %s, %j means %j", async (path, sent, expected) => {
  expect(await keptOf({ $token: WRITE_KEY, ...sent }, path)).toMatchObject([expected]);
});

test("who logs in has no traits but those of changes", async () => {
  const [kept] = await keptOf(event({ color: "red", $user_id: "user-1" }, "$identify"));
  expect(kept).toMatchObject({ type: "identify", properties: {}, context: { color: "red" } });
});

test("of two changes in a request the last is the later one", async () => {
  const change = (plan: string): object => ({
    $token: WRITE_KEY,
    $distinct_id: "u",
    $set: { plan },
  });
  const [first, last] = await keptOf([change("free"), change("pro")], "/engage");
  expect(Date.parse(last!.occurredAt) - Date.parse(first!.occurredAt)).toBe(1);
  expect(last!.occurredAt).toBe(last!.receivedAt);
});

test.each([
  [undefined, []],
  [{ analytics: 1 }, []],
  ["analytics", []],
  [{ analytics: true, personalization: true, email: false }, ["analytics", "personalization"]],
])("consent %j grants %j", async (given, granted) => {
  const [kept] = await keptOf(event({ consent: given }));
  expect(kept!.consent).toEqual(granted);
});

test.each<[string, unknown, string]>([
  ["/track", 7, "event must be a JSON object"],
  ["/track", { event: 7 }, "event must be the name of what happened, got 7"],
  ["/track", { event: "e", properties: [] }, "properties must be a JSON object, got an array"],
  ["/track", event({ time: "now" }), 'time must be seconds or milliseconds since 1970, got "now"'],
  ["/track", event({ token: "other" }), "token must be the same in all of a request"],
  ["/engage", { $set: {} }, "$distinct_id must be given, got nothing"],
  ["/engage", { $distinct_id: "u", $set: 1 }, "$set must be a JSON object, got 1"],
  [
    "/engage",
    { $distinct_id: "u", $time: {} },
    "$time must be seconds or milliseconds since 1970, got an object",
  ],
  ["/groups", { $group_key: "company" }, "$group_key and $group_id must be given"],
])("fails on %s of %j with a bad row: %s", async (path, sent, reason) => {
  const { post, kept } = await openApp();
  const good = { $token: WRITE_KEY, $distinct_id: "u", $group_key: "k", $group_id: "g" };
  const first = path === "/track" ? event() : good;
  expect((await post(path, [first, sent], {})).body).toBe("1");
  const { events, badRows } = await kept();
  expect(events).toHaveLength(1);
  expect(badRows.map((row) => row.reason)).toEqual([reason]);
  expect(JSON.parse(Buffer.from(badRows[0]!.raw, "base64").toString())).toEqual(sent);
});

test("an import without tokens has its key in Basic or the query", async () => {
  const { post, kept } = await openApp();
  const sent = [event({ token: undefined })];
  const basic = { authorization: `Basic ${Buffer.from(`${WRITE_KEY}:`).toString("base64")}` };
  expect((await post("/import", sent, basic)).status).toBe(200);
  expect((await post(`/import?api_key=${WRITE_KEY}`, sent, {})).status).toBe(200);
  expect(await post("/import", sent, {})).toMatchObject({ status: 401, body: "0" });
  expect((await kept()).events).toHaveLength(2);
});

test.each([
  ["?verbose=0", "0"],
  ["?verbose=1", '{"status":0,"error":"body must be JSON"}'],
])("fails on %s with what is no JSON: kept, and said so", async (query, answer) => {
  const { post, get, kept } = await openApp();
  const cut = Buffer.from(`{"event":"e","properties":{"token":"${WRITE_KEY}"`).toString("base64");
  expect(await post(`/track${query}`, `data=${cut}`, {})).toMatchObject({
    status: 400,
    body: answer,
  });
  expect((await get(`/track${query}&data=${cut}`)).status).toBe(400);
  const { badRows } = await kept();
  expect(badRows.map(({ raw }) => Buffer.from(raw, "base64").toString())).toEqual([
    `data=${cut}`,
    `${query.slice(1)}&data=${cut}`,
  ]);
});

test("fails with 503, which the browser's SDK sends again, while the spool is full", async () => {
  const { post } = await openApp(100);
  await post("/track", event(), {});
  expect(await post("/track/?verbose=1", event(), {})).toMatchObject({
    status: 503,
    headers: { "retry-after": "5" },
    body: '{"status":0,"error":"try again later"}',
  });
});
