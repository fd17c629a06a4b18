import { segmentDraft } from "../../../../services/collector/dialects/segment-event.ts";

const receivedAt = Date.parse("2026-06-01T12:00:00.000Z");

const draft = (sent: object, sentAt?: string): ReturnType<typeof segmentDraft> =>
  segmentDraft({ type: "track", event: "e", userId: "u", ...sent }, { receivedAt, sentAt });

const preferring = (categoryPreferences: unknown): object => ({
  context: { consent: { categoryPreferences } },
});

test("track becomes the contract's fields", () => {
  const sent = {
    timestamp: "2026-06-01T11:59:59.500Z",
    integrations: {},
    type: "track",
    event: "Order Completed",
    properties: { revenue: 12.5, currency: "EUR" },
    anonymousId: "anon-1",
    userId: "user-1",
    messageId: "msg-1",
    context: { ip: "203.0.113.9", campaign: { source: "mail", name: "spring-sale" } },
    _metadata: { nodeVersion: "v20.20.2" },
  };
  expect(segmentDraft(sent, { receivedAt })).toEqual({
    id: "msg-1",
    type: "track",
    name: "Order Completed",
    anonymousId: "anon-1",
    userId: "user-1",
    occurredAt: "2026-06-01T11:59:59.500Z",
    context: sent.context,
    properties: sent.properties,
    consent: undefined,
    campaign: "spring-sale",
  });
});

test.each<[object, object]>([
  [
    { type: "identify", traits: { plan: "pro" } },
    { name: null, properties: { plan: "pro" } },
  ],
  [
    { type: "group", groupId: "acme", traits: { name: "Acme" } },
    { properties: { name: "Acme" }, context: { groupId: "acme" } },
  ],
  [{ type: "alias", previousId: "anon-1" }, { properties: { previousId: "anon-1" } }],
  [
    { type: "page", name: "Index", category: "Docs", properties: { url: "/" } },
    { name: "Index", properties: { url: "/", category: "Docs" } },
  ],
  [
    { type: "screen", name: "Home" },
    { name: "Home", properties: {} },
  ],
  [{ integrations: { All: false } }, { context: { integrations: { All: false } } }],
  [
    { userId: 42, messageId: 7 },
    { userId: "42", id: "7" },
  ],
  [
    { userId: null, anonymousId: "a" },
    { userId: null, anonymousId: "a" },
  ],
  [{ messageId: "", timestamp: "2026-06-01T12:00:00Z" }, { id: undefined }],
  [{ messageId: "", originalTimestamp: "2026-06-01T12:00:00Z" }, { id: undefined }],
  [{}, { id: expect.stringMatching(/^[0-9a-f-]{36}$/) }],
])("%j means %j", (sent, expected) => {
  expect(draft(sent)).toMatchObject(expected);
});

test.each([
  [{}, undefined, "2026-06-01T12:00:00.000Z"],
  [{ timestamp: "2026-01-01T00:00:00+02:00" }, undefined, "2025-12-31T22:00:00.000Z"],
  [{ originalTimestamp: "2026-01-01T00:00:00Z" }, undefined, "2026-01-01T00:00:00.000Z"],
  // Sent within a minute: the sender's clock is right.
  [{ timestamp: "2026-06-01T11:00:00Z" }, "2026-06-01T11:59:30Z", "2026-06-01T11:00:00.000Z"],
  // The sender's clock is a day late.
  [{ timestamp: "2026-05-31T11:00:00Z" }, "2026-05-31T12:00:00Z", "2026-06-01T11:00:00.000Z"],
  [{ timestamp: "2026-06-01T11:00:00Z" }, "not a time", "2026-06-01T11:00:00.000Z"],
])("%j sent at %s happened at %s", (sent, sentAt, occurredAt) => {
  expect(draft(sent, sentAt)).toMatchObject({ occurredAt });
});

test.each([
  [preferring({ Analytics: true }), ["analytics"]],
  [preferring({ ANALYTICS: true, email: true, Other: true }), ["analytics", "email"]],
  [preferring({ analytics: "true", advertising: 1, personalization: false }), []],
  [preferring({ analytics: true, Analytics: false }), []],
  [preferring({ email: false, advertising: true }), ["advertising"]],
])("%j grants %j", (sent, consent) => {
  expect(draft(sent)).toMatchObject({ consent });
});

test.each([
  [{}],
  [preferring({ advertising: true })],
  [preferring(["analytics"])],
  [preferring(null)],
  [{ context: { consent: "yes" } }],
])("%j says nothing of analytics and email", (sent) => {
  expect(draft(sent)).toMatchObject({ consent: undefined });
});

test.each([
  [{ type: "exposure" }, "type must be one of track, identify, page, screen, group, alias, got"],
  [{ type: {} }, "got an object"],
  [{ event: "" }, 'event must be the name of what happened, got ""'],
  [{ event: ["x"] }, "event must be the name of what happened, got an array"],
  [{ userId: "" }, "userId or anonymousId must be given, got neither"],
  [{ context: "x" }, 'context must be a JSON object, got "x"'],
  [{ properties: [] }, "properties must be a JSON object, got an array"],
  [{ timestamp: "yesterday" }, 'timestamp must be a time in ISO 8601, got "yesterday"'],
  [{ timestamp: 1767225600000 }, "timestamp must be a time in ISO 8601, got 1767225600000"],
])("fails on %j: %s", (sent, reason) => {
  expect(draft(sent)).toEqual({ reason: expect.stringContaining(reason) });
});

test("fails on what is no object", () => {
  for (const sent of [null, 7, "track", []]) {
    expect(segmentDraft(sent, { receivedAt })).toEqual({ reason: "event must be a JSON object" });
  }
});

test("the path counts more than the type in the event", () => {
  const sent = { type: "track", userId: "u", traits: { plan: "pro" } };
  expect(segmentDraft(sent, { type: "identify", receivedAt })).toMatchObject({ type: "identify" });
});
