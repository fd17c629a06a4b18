import type { Event, Purpose } from "../../../services/contract/event.ts";
import { tcStringOf } from "./dialects/tc-string-of.ts";
import { BASIC, openApp } from "./open-app.ts";

/** The framework's purposes that stand for analytics, and all. */
const TC_ANALYTICS = tcStringOf([1, 8, 9]);
const TC_ALL = tcStringOf([1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11]);
const TC_NONE = tcStringOf([]);

const ALL = { analytics: true, personalization: true, advertising: true, email: true };

async function keptOf(context: object, headers: object = {}): Promise<Event> {
  const { post, kept } = await openApp();
  const event = { event: "Seen", messageId: "m-1", userId: "user-1", context };
  await post("/v1/track", event, { authorization: BASIC, ...headers });
  return (await kept()).events[0]!;
}

const ofSegment = (consent: unknown): object => ({ consent });

test.each<[unknown, readonly Purpose[]]>([
  [{ tcString: TC_ANALYTICS }, ["analytics"]],
  [{ tcString: TC_ALL }, ["analytics", "personalization", "advertising"]],
  [{ tcString: TC_NONE, categoryPreferences: ALL }, []],
  [
    { tcString: TC_ALL, categoryPreferences: { analytics: true, advertising: false } },
    ["analytics", "personalization"],
  ],
  [
    { tcString: TC_ANALYTICS, categoryPreferences: { analytics: true, email: true } },
    ["analytics", "email"],
  ],
  [{ tcString: "unreadable", categoryPreferences: ALL }, []],
  [{ tcString: null, categoryPreferences: ALL }, []],
])("of Segment, consent %j grants %j", async (consent, granted) => {
  expect((await keptOf(ofSegment(consent))).consent).toEqual(granted);
});

test.each<[object, readonly Purpose[]]>([
  [{ tcString: TC_ANALYTICS }, ["analytics"]],
  [{ tcString: TC_ALL, allowedConsentIds: ["analytics"] }, ["analytics"]],
  [{ tcString: TC_ALL, deniedConsentIds: ["advertising"] }, ["analytics", "personalization"]],
  [{ tcString: TC_NONE, allowedConsentIds: ["analytics"] }, []],
])("of RudderStack, consent management %j grants %j", async (consentManagement, granted) => {
  const { post, kept } = await openApp();
  const event = {
    type: "track",
    event: "Seen",
    messageId: "m-1",
    userId: "user-1",
    originalTimestamp: "2026-01-01T00:00:00.000Z",
    context: { consentManagement },
  };
  await post("/v1/batch", { batch: [event] });
  expect((await kept()).events.map(({ consent }) => consent)).toEqual([granted]);
});

test.each<[string, object, object]>([
  ["in the request", {}, { "sec-gpc": "1" }],
  ["written twice in the request", {}, { "sec-gpc": "1, 1" }],
  ["in one of two headers", {}, { "sec-gpc": "0, 1" }],
  ["in other words", {}, { "sec-gpc": "?1" }],
  ["in the context", { globalPrivacyControl: true }, {}],
  ["in an object of the context", { privacy: { globalPrivacyControl: "1" } }, {}],
])("Global Privacy Control %s takes advertising away", async (_, context, headers) => {
  const consent = { categoryPreferences: ALL };
  const event = await keptOf({ consent, ...context }, headers);
  expect(event.consent).toEqual(["analytics", "personalization", "email"]);
});

test.each(["0", "0, 0", ""])(
  "Global Privacy Control that is %j takes nothing away",
  async (gpc) => {
    const consent = { categoryPreferences: ALL };
    const context = { consent, globalPrivacyControl: false };
    const event = await keptOf(context, { "sec-gpc": gpc });
    expect(event.consent).toEqual(["analytics", "personalization", "advertising", "email"]);
  },
);

test("a TC string that denies analytics leaves nothing that identifies", async () => {
  const consent = { tcString: TC_NONE, categoryPreferences: ALL };
  const event = await keptOf({ consent, ip: "203.0.113.77" });
  expect({ ...event, occurredAt: "", receivedAt: "" }).toEqual({
    source: "website",
    id: "m-1",
    type: "track",
    name: "Seen",
    dialect: null,
    anonymousId: null,
    userId: null,
    occurredAt: "",
    receivedAt: "",
    context: {},
    properties: {},
    consent: [],
    campaign: null,
  });
});

test("the spool holds no whole IP address, neither in events nor in bad rows and their reasons", async () => {
  const { post, spool } = await openApp();
  const consent = { categoryPreferences: ALL };
  const context = { consent, ip: "203.0.113.77", device: { id: "203.0.113.77" } };
  await post("/v1/track", { event: "Seen", userId: "user-1", context });
  await post("/v1/batch", { batch: [{ type: "203.0.113.77", ip: "2001:db8:1:2:3:4:5:6" }] });
  await post("/v1/batch", '{"batch":[{"ip":"203.0.113.77"');
  const { found } = await spool.read(Infinity, Infinity);
  const texts = found.map(({ payload }) => {
    const { raw, ...row } = JSON.parse(payload.toString());
    return JSON.stringify(row) + Buffer.from(raw ?? "", "base64").toString();
  });
  expect(texts).toHaveLength(3);
  expect(texts.join("\n")).not.toMatch(/203\.0\.113\.77|2001:db8:1:2/);
  expect(texts.join("\n").match(/203\.0\.113\.0/g)).toHaveLength(5);
});
