import type { Event } from "../../../../services/contract/event.ts";
import { openApp, WRITE_KEY } from "../open-app.ts";

const TP2 = "/com.snowplowanalytics.snowplow/tp2";

const preferences = (data: object): object => ({
  schema: "iglu:com.snowplowanalytics.snowplow/consent_preferences/jsonschema/1-0-0",
  data,
});

const withEntities = (...data: object[]): object => ({
  co: JSON.stringify({
    schema: "iglu:com.snowplowanalytics.snowplow/contexts/jsonschema/1-0-0",
    data,
  }),
});

const selfDescribing = (schema: string, data: unknown): object => ({
  e: "ue",
  ue_pr: JSON.stringify({
    schema: "iglu:com.snowplowanalytics.snowplow/unstruct_event/jsonschema/1-0-0",
    data: { schema: `iglu:com.acme/${schema}/jsonschema/1-0-0`, data },
  }),
});

const AGREED = withEntities(preferences({ eventType: "allow_all", consentScopes: ["Analytics"] }));

const event = (changes: object = {}): object => ({
  e: "pv",
  aid: WRITE_KEY,
  eid: "1",
  uid: "user-1",
  dtm: "1767225600000",
  ...AGREED,
  ...changes,
});

async function keptOf(...data: object[]): Promise<Event[]> {
  const { post, kept } = await openApp();
  expect(await post(TP2, { schema: "x", data }, {})).toMatchObject({ status: 200, body: "ok" });
  return (await kept()).events;
}

test("an event in the URL is answered with a pixel", async () => {
  const { get, kept } = await openApp();
  const query = new URLSearchParams(event() as Record<string, string>);
  const answer = await get(`/i?${query.toString()}`);
  expect(answer).toMatchObject({ status: 200, headers: { "content-type": "image/gif" } });
  expect(Buffer.from(answer.body).toString("hex")).toBe(
    "474946383961010001000000002c00000000010001000002024401003b",
  );
  expect((await kept()).events).toMatchObject([{ id: "1", dialect: "snowplow", type: "page" }]);
});

test.each<[object, object]>([
  [
    { page: "Index", url: "https://x.test/", refr: "https://y.test/" },
    {
      type: "page",
      name: "Index",
      context: { page: { url: "https://x.test/", title: "Index", referrer: "https://y.test/" } },
    },
  ],
  [
    { e: "pp", pp_mix: "0", pp_max: "5" },
    { name: "page_ping", properties: { mix: 0, max: 5 } },
  ],
  [
    { e: "se", se_ac: "play", se_va: "x" },
    { name: "play", properties: { ac: "play", va: "x" } },
  ],
  [
    { e: "se", se_ca: "1e3", se_ac: "7", se_la: "007", se_pr: " 1", se_va: "12.5" },
    { name: "7", properties: { ca: "1e3", ac: "7", la: "007", pr: " 1", va: 12.5 } },
  ],
  [
    { e: "tr", tr_id: "0042", tr_tt: "12.5", tr_tx: "2", tr_sh: "3" },
    { name: "transaction", properties: { id: "0042", tt: 12.5, tx: 2, sh: 3 } },
  ],
  [
    { e: "ti", ti_id: "0042", ti_sk: "0815", ti_pr: "12.5", ti_qu: "2" },
    { name: "transaction_item", properties: { id: "0042", sk: "0815", pr: 12.5, qu: 2 } },
  ],
  [selfDescribing("link_click", { a: 1 }), { name: "link_click", properties: { a: 1 } }],
  [{ duid: "d" }, { anonymousId: "d", userId: "user-1" }],
  [{ ttm: "1", dtm: "2" }, { occurredAt: "1970-01-01T00:00:00.001Z" }],
  [{ eid: undefined }, { id: expect.stringMatching(/^sha256-/) }],
  [{ eid: undefined, dtm: undefined }, { id: expect.not.stringMatching(/^sha256-/) }],
  [{ res: "1x1" }, { context: { snowplow: { e: "pv", dtm: "1767225600000", res: "1x1" } } }],
])("%j means %j", async (changes, expected) => {
  expect(await keptOf(event(changes))).toMatchObject([expected]);
});

test("a page's title that is too long for a name is kept in its context", async () => {
  const page = "T".repeat(513);
  expect(await keptOf(event({ page }))).toMatchObject([
    { name: "T".repeat(512), context: { page: { title: page } } },
  ]);
});

test("a long integer in a self-describing event keeps its digits", async () => {
  const { ue_pr } = selfDescribing("order", { number: 7 }) as { ue_pr: string };
  const sent = ue_pr.replace('"number":7', '"number":1234567890123456789');
  const [plain, base64] = await keptOf(
    event({ e: "ue", ue_pr: sent }),
    event({ e: "ue", ue_px: Buffer.from(sent).toString("base64url"), eid: "2" }),
  );
  expect(plain!.properties).toEqual({ number: "1234567890123456789" });
  expect(base64!.properties).toEqual({ number: "1234567890123456789" });
});

test("a clock that is a day late is put right", async () => {
  const dayAgo = Date.now() - 86_400_000;
  const [kept] = await keptOf(event({ dtm: String(dayAgo - 5_000), stm: String(dayAgo) }));
  expect(Date.parse(kept!.receivedAt) - Date.parse(kept!.occurredAt)).toBe(5_000);
});

test.each<[object, string[]]>([
  [{ co: undefined }, []],
  [withEntities(preferences({ eventType: "deny_all", consentScopes: ["analytics"] })), []],
  [withEntities(preferences({ eventType: "allow_selected", consentScopes: [] })), []],
  [withEntities(preferences({ consentScopes: ["analytics"] })), []],
  [
    withEntities(
      preferences({ eventType: "deny_all" }),
      preferences({ eventType: "allow_all", consentScopes: ["analytics"] }),
    ),
    [],
  ],
  [
    selfDescribing("consent_preferences", {
      eventType: "allow_all",
      consentScopes: ["analytics", "email"],
    }),
    ["analytics", "email"],
  ],
])("%j grants %j", async (changes, granted) => {
  const [kept] = await keptOf(event(changes));
  expect(kept!.consent).toEqual(granted);
});

test.each<[unknown, string]>([
  [7, "event must be a JSON object"],
  [event({ e: "ad" }), 'e must be one of pv, pp, se, tr, ti, ue, got "ad"'],
  [event({ e: "ue" }), "ue_pr or ue_px must be a self-describing event"],
  [event({ e: "ue", ue_px: "!!" }), "ue_pr or ue_px must be a self-describing event"],
  [event(selfDescribing("no name", {})), "ue_pr or ue_px must be a self-describing event"],
  [event(selfDescribing("x", 1)), "ue_pr or ue_px must be a self-describing event"],
  [event({ co: "{}" }), "co or cx must be a list of self-describing JSON"],
  [event({ dtm: "now" }), 'dtm must be milliseconds since 1970, got "now"'],
  [event({ aid: "other" }), "aid must be the same in all of a request"],
])("fails on %j with a bad row: %s", async (sent, reason) => {
  const { post, kept } = await openApp();
  expect((await post(TP2, { data: [event(), sent] }, {})).status).toBe(200);
  const { events, badRows } = await kept();
  expect(events).toHaveLength(1);
  expect(badRows.map((row) => row.reason)).toEqual([reason]);
  expect(JSON.parse(Buffer.from(badRows[0]!.raw, "base64").toString())).toEqual(sent);
});

test.each<[string, unknown]>([
  ["what is no JSON", `{"data":[{"aid":"${WRITE_KEY}"`],
  ["data that is no array", { data: { aid: WRITE_KEY } }],
  ["1 MiB", `{"data":[{"aid":"${WRITE_KEY}"}],"x":"${"x".repeat(1024 * 1024)}"}`],
])("fails on %s with 400, after which its SDKs let it go", async (_, body) => {
  const { post, kept } = await openApp();
  expect((await post(TP2, body, {})).status).toBe(400);
  expect((await kept()).badRows).toHaveLength(1);
});

test("fails on an unknown application with 401", async () => {
  const { post, get } = await openApp();
  expect((await post(TP2, { data: [event({ aid: "nobody" })] }, {})).status).toBe(401);
  expect((await post(TP2, { data: [] }, {})).status).toBe(401);
  expect((await get("/i?e=pv&aid=nobody")).status).toBe(401);
});
