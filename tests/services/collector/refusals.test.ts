import { createHash } from "node:crypto";
import { tcStringOf } from "./dialects/tc-string-of.ts";
import { BASIC, openApp, WRITE_KEY } from "./open-app.ts";

const digestOf = (person: string): string => createHash("sha256").update(person).digest("hex");

const NO = { consent: { categoryPreferences: { analytics: false } } };
const PAST = "2026-01-31T12:00:00.000Z";
const seen = { type: "track", event: "Seen", messageId: "m", timestamp: PAST, context: NO };

/** What a batch of Segment's leaves of refusals; `integrations` makes the collector parse an event. */
async function refusalsOf(batch: object[], headers: object = {}) {
  const { post, kept, refusals } = await openApp();
  await post("/v1/batch", { batch }, { authorization: BASIC, ...headers });
  expect((await kept()).events).toHaveLength(batch.length);
  return refusals();
}

describe.each([
  ["copied", {}],
  ["parsed", { integrations: { a: true } }],
])("of an event that is %s", (_how, more) => {
  test("a refusal is kept for each id, without the id", async () => {
    const event = { ...seen, ...more, userId: "ada@example.com", anonymousId: "device-1" };
    expect(await refusalsOf([event])).toEqual([
      { person: digestOf("user:ada@example.com"), purposes: [], at: PAST },
      { person: digestOf("anonymous:device-1"), purposes: [], at: PAST },
    ]);
  });

  test("what is still granted is kept with it, advertising only without Global Privacy Control", async () => {
    const categoryPreferences = { analytics: false, advertising: true, email: true };
    const context = { consent: { categoryPreferences } };
    const event = { ...seen, ...more, userId: "u", context };
    expect(await refusalsOf([event])).toMatchObject([{ purposes: ["advertising", "email"] }]);
    expect(await refusalsOf([event], { "sec-gpc": "1" })).toMatchObject([{ purposes: ["email"] }]);
  });

  test("a time ahead of the collector's counts as when it came", async () => {
    const event = { ...seen, ...more, userId: "u", timestamp: "2126-01-01T00:00:00.000Z" };
    const [refusal] = await refusalsOf([event]);
    expect(Math.abs(Date.parse(refusal!.at) - Date.now())).toBeLessThan(60_000);
  });

  test("an id that is an IP address is cut as in an event", async () => {
    const event = { ...seen, ...more, userId: "203.0.113.77" };
    expect(await refusalsOf([event])).toMatchObject([{ person: digestOf("user:203.0.113.0") }]);
  });

  test.each<[string, object]>([
    ["says nothing of consent", {}],
    [
      "says something of advertising only",
      { consent: { categoryPreferences: { advertising: true } } },
    ],
    ["grants analytics", { consent: { categoryPreferences: { analytics: true } } }],
  ])("who %s refuses nothing", async (_what, context) => {
    expect(await refusalsOf([{ ...seen, ...more, userId: "u", context }])).toEqual([]);
  });
});

test("of a request the last refusal of each person is kept", async () => {
  const later = "2026-01-31T12:00:01.000Z";
  const refusals = await refusalsOf([
    { ...seen, userId: "u", timestamp: later },
    { ...seen, userId: "u", messageId: "m2" },
    { ...seen, userId: "v", messageId: "m3" },
  ]);
  expect(refusals.map(({ person, at }) => [person, at])).toEqual([
    [digestOf("user:u"), later],
    [digestOf("user:v"), PAST],
  ]);
});

test.each<[string, string, unknown, boolean]>([
  ["a TC string that denies", "/v1/track", { consent: { tcString: tcStringOf([]) } }, true],
  ["a TC string that grants", "/v1/track", { consent: { tcString: tcStringOf([1, 8, 9]) } }, false],
])("%s is a refusal or none", async (_what, path, context, isRefused) => {
  const { post, refusals } = await openApp();
  await post(path, { ...seen, userId: "u", context });
  expect(await refusals()).toHaveLength(isRefused ? 1 : 0);
});

test.each<[string, number]>([
  ["gcs=G100", 1],
  ["gcs=G110&gcd=13t3p3t3t5", 1],
  ["gcs=G101", 0],
  ["gcs=G1--", 0],
  ["", 0],
])("consent mode %s makes %d refusals", async (mode, count) => {
  const { get, refusals } = await openApp();
  await get(`/g/collect?tid=${WRITE_KEY}&cid=1&en=e&${mode}`);
  expect(await refusals()).toHaveLength(count);
});

test.each<[object | undefined, number]>([
  [{ analytics_storage: "DENIED" }, 1],
  // All that Google's protocol itself can say.
  [{ ad_user_data: "DENIED", ad_personalization: "DENIED" }, 0],
  [undefined, 0],
])("consent %j of the Measurement Protocol makes %d refusals", async (consent, count) => {
  const { post, refusals } = await openApp();
  const body = { client_id: "c", consent, events: [{ name: "e" }] };
  await post(`/mp/collect?api_secret=${WRITE_KEY}&measurement_id=G-1`, body);
  expect(await refusals()).toHaveLength(count);
});

test("an event without consent and without an id of its SDK has one that nobody can compute", async () => {
  const body = { event: "Seen", userId: "ada@example.com", timestamp: PAST, context: NO };
  const { post, kept } = await openApp();
  await post("/v1/track", body);
  await post("/v1/track", body);
  const ids = (await kept()).events.map(({ id }) => id);
  expect(new Set(ids).size).toBe(2);
  for (const id of ids) expect(id).toMatch(/^[\da-f]{8}-[\da-f-]{27}$/);
});
