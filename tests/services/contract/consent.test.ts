import fc from "fast-check";

import { contractBreach } from "../../../services/contract/check-event.ts";
import { reduceToConsent } from "../../../services/contract/consent.ts";
import { PURPOSES } from "../../../services/contract/event.ts";
import { anEvent } from "./an-event.ts";

test("an event with consent to analytics is kept whole", () => {
  const event = anEvent({ consent: ["email", "analytics"] });
  expect(reduceToConsent(event)).toBe(event);
});

test("an event without consent keeps id, type, name, source and times only", () => {
  expect(reduceToConsent(anEvent({ consent: [] }))).toEqual({
    source: "website",
    id: "message-1",
    type: "track",
    name: "Order Completed",
    dialect: null,
    anonymousId: null,
    userId: null,
    occurredAt: "2026-01-01T00:00:00.000Z",
    receivedAt: "2026-01-01T00:00:01.000Z",
    context: {},
    properties: {},
    consent: [],
    campaign: null,
  });
});

test("consent to other purposes does not stand in for analytics, and what is left keeps the contract", () => {
  const others = PURPOSES.filter((purpose) => purpose !== "analytics");
  fc.assert(
    fc.property(fc.subarray(others), (consent) => {
      const reduced = reduceToConsent(anEvent({ consent }));
      expect(reduced.userId).toBeNull();
      expect(contractBreach(reduced)).toBeUndefined();
    }),
  );
});
