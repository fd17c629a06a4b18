import fc from "fast-check";

import { contractBreach } from "../../../services/contract/check-event.ts";
import type { Event } from "../../../services/contract/event.ts";
import { anEvent } from "./an-event.ts";

const nested = (levels: number): unknown => JSON.parse("[".repeat(levels) + "]".repeat(levels));

test("a complete event keeps the contract", () => {
  expect(contractBreach(anEvent())).toBeUndefined();
});

test("an event without optional parts keeps the contract", () => {
  const bare = anEvent({
    name: null,
    dialect: null,
    anonymousId: null,
    userId: null,
    campaign: null,
  });
  expect(contractBreach(bare)).toBeUndefined();
});

test.each<[keyof Event, unknown, string]>([
  ["source", "Web Site", "source must match pattern"],
  ["id", "", "id must NOT have fewer than 1 characters"],
  ["id", "x".repeat(257), "id must NOT have more than 256 characters"],
  [
    "type",
    "click",
    'type must be one of track, identify, page, screen, group, alias, exposure, got "click"',
  ],
  ["name", "x".repeat(513), "name must NOT have more than 512 characters"],
  ["userId", 7, "userId must be string,null, got 7"],
  ["userId", "a\0b", "userId must be well-formed text without U+0000"],
  ["occurredAt", "0000-01-01T00:00:00.000Z", "occurredAt must match pattern"],
  ["occurredAt", "+010000-01-01T00:00:00.000Z", "occurredAt must NOT have more than 24"],
  ["context", [], "context must be object, got []"],
  ["properties", { a: { b: "\0" } }, "properties.a.b must be well-formed text without U+0000"],
  ["properties", { a: ["\ud800"] }, "properties.a.0 must be well-formed text without U+0000"],
  ["properties", { "\ud800": 1 }, "properties must have well-formed keys without U+0000"],
  ["properties", { a: JSON.parse("1e400") }, "properties.a must be a finite number"],
  ["properties", { a: nested(64) }, "must not nest deeper than 64 levels"],
  ["consent", ["analytics", "analytics"], "consent must NOT have duplicate items"],
  [
    "consent",
    ["everything"],
    "consent.0 must be one of analytics, personalization, advertising, email",
  ],
])("fails on %s = %j", (field, value, reason) => {
  expect(contractBreach(anEvent({ [field]: value }))).toContain(reason);
});

test("fails on a field that the contract does not have", () => {
  expect(contractBreach({ ...anEvent(), colour: "red" } as Event)).toContain(
    "additional properties",
  );
});

test("63 levels of nesting are within the contract", () => {
  expect(contractBreach(anEvent({ properties: { a: nested(63) } }))).toBeUndefined();
});

test("whatever an event holds, the check answers and never throws", () => {
  fc.assert(
    fc.property(fc.object({ maxDepth: 5 }), (properties) => {
      const reason = contractBreach(
        anEvent({ properties: JSON.parse(JSON.stringify(properties)) }),
      );
      expect(["string", "undefined"]).toContain(typeof reason);
    }),
  );
});
