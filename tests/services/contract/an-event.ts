import type { Event } from "../../../services/contract/event.ts";

/** An event that keeps the contract, with `changes`. */
export function anEvent(changes: Partial<Record<keyof Event, unknown>> = {}): Event {
  return {
    source: "website",
    id: "message-1",
    type: "track",
    name: "Order Completed",
    dialect: "segment",
    anonymousId: "anon-1",
    userId: "user-1",
    occurredAt: "2026-01-01T00:00:00.000Z",
    receivedAt: "2026-01-01T00:00:01.000Z",
    context: { ip: "203.0.113.9" },
    properties: { revenue: 12.5 },
    consent: ["analytics"],
    campaign: "spring-sale",
    ...changes,
  } as Event;
}
