import type { Event } from "../../../../services/contract/event.ts";
import { openApp, WRITE_KEY } from "../open-app.ts";

const SHARED = `v=2&tid=${WRITE_KEY}&gtm=45je&_p=177&cid=1.2&ul=en-us&sr=1920x1080&sid=9&sct=1&seg=1&_s=1&gcs=G111`;
const PAGE = `dl=${encodeURIComponent("https://x.test/a?utm_campaign=spring-sale")}&dt=Index&dr=`;

async function keptOf(query: string, lines = ""): Promise<Event[]> {
  const { post, kept } = await openApp();
  expect((await post(`/g/collect?${query}`, lines, {})).status).toBe(204);
  return (await kept()).events;
}

test("a hit becomes the contract's fields", async () => {
  const { get, kept } = await openApp();
  const item = encodeURIComponent("idsku-1~nmShirt~pr12.5~qt2~k0size~v0L~zzother");
  const query = `${SHARED}&${PAGE}&en=purchase&uid=user-1&ep.method=card&epn.value=25&cu=EUR&pr1=${item}&up.plan=pro&upn.age=7`;
  expect(await get(`/g/collect?${query}`)).toMatchObject({ status: 204, body: "" });
  expect((await kept()).events).toEqual([
    {
      source: "website",
      id: expect.stringMatching(/^sha256-/),
      type: "track",
      name: "purchase",
      dialect: "ga4",
      anonymousId: "1.2",
      userId: "user-1",
      occurredAt: expect.any(String),
      receivedAt: expect.any(String),
      context: {
        page: { url: "https://x.test/a?utm_campaign=spring-sale", title: "Index", referrer: "" },
        locale: "en-us",
        user_properties: { plan: "pro", age: 7 },
        gtag: {
          v: "2",
          gtm: "45je",
          _p: "177",
          sr: "1920x1080",
          sid: "9",
          sct: "1",
          seg: "1",
          _s: "1",
          gcs: "G111",
        },
      },
      properties: {
        method: "card",
        value: 25,
        currency: "EUR",
        items: [
          {
            item_id: "sku-1",
            item_name: "Shirt",
            price: 12.5,
            quantity: 2,
            size: "L",
            zz: "other",
          },
        ],
      },
      consent: ["analytics"],
      campaign: "spring-sale",
    },
  ]);
});

test("each line of a body is a hit that shares the query", async () => {
  const lines = "en=page_view&dt=Index\r\nen=scroll&epn.percent_scrolled=90\r\n";
  expect(await keptOf(SHARED, lines)).toMatchObject([
    { type: "page", name: "Index", properties: {}, anonymousId: "1.2" },
    { type: "track", name: "scroll", properties: { percent_scrolled: 90 }, anonymousId: "1.2" },
  ]);
});

test("the same hit sent again has the same id", async () => {
  const [[first], [again]] = await Promise.all([
    keptOf(`${SHARED}&en=e`),
    keptOf(`${SHARED}&en=e`),
  ]);
  expect(again!.id).toBe(first!.id);
});

test.each([
  ["", []],
  ["gcs=G100", []],
  ["gcs=G110&gcd=13t3t3t3t5", []],
  ["gcs=G1--", []],
  ["gcs=G101", ["analytics"]],
  ["gcs=G101&gcd=13q3r3q3q5", ["analytics"]],
  ["gcs=G101&gcd=13l3l3l3l1", []],
  ["gcs=G101&gcd=nonsense", []],
  ["gcd=13t3t3t3t5", []],
  ["gcs=G111", ["analytics"]],
  ["gcs=G111&gcd=13t3t3t3t5l1", ["analytics", "advertising"]],
  ["gcs=G111&gcd=13r3n3v3q5", ["analytics"]],
  ["gcs=G111&gcd=13t3t3t3t5l1&npa=0", ["analytics", "advertising"]],
  ["gcs=G111&gcd=13t3t3t3t5l1&npa=1", ["analytics"]],
  ["gcs=G111&gcd=13t3t3t3t5l1&npa=", ["analytics"]],
  ["gcs=G111&gcd=13t3t3t3t5l1&npa=0&npa=1", ["analytics"]],
])("consent mode %s grants %j", async (mode, granted) => {
  const [event] = await keptOf(`tid=${WRITE_KEY}&cid=1&en=e&${mode}`);
  // Without analytics nothing is kept, not even the other purposes.
  expect(event!.consent).toEqual(granted);
});

test.each([
  ["cid=1", "en must be the name of what happened, got nothing"],
  ["en=e", "cid or uid must be given, got neither"],
])("fails on %s with a bad row and 204", async (query, reason) => {
  const { get, kept } = await openApp();
  expect((await get(`/g/collect?tid=${WRITE_KEY}&${query}`)).status).toBe(204);
  const { badRows } = await kept();
  expect(badRows).toMatchObject([{ reason, path: "/g/collect" }]);
  expect(Buffer.from(badRows[0]!.raw, "base64").toString()).toBe(`tid=${WRITE_KEY}&${query}`);
});

test("fails on an unknown tid with 401", async () => {
  const { get } = await openApp();
  expect((await get("/g/collect?tid=G-NOBODY&cid=1&en=e")).status).toBe(401);
});
