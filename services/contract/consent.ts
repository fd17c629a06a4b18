import type { Event, Purpose } from "./event.ts";

/** Whether all of an event may be kept under a consent. */
export function isWhole(consent: readonly Purpose[]): boolean {
  return consent.includes("analytics");
}

/** Purposes without advertising, which something besides consent itself may take away. */
export function withoutAdvertising(consent: readonly Purpose[]): Purpose[] {
  return consent.filter((purpose) => purpose !== "advertising");
}

/**
 * What may be kept of `event` under its consent: all of it with the purpose `analytics`; else id, type, name,
 * source and times only, so that nothing left identifies a person. That they refused is kept apart (`collector/refusals.ts`).
 */
export function reduceToConsent(event: Event): Event {
  if (isWhole(event.consent)) return event;
  return {
    source: event.source,
    id: event.id,
    type: event.type,
    name: event.name,
    dialect: null,
    anonymousId: null,
    userId: null,
    occurredAt: event.occurredAt,
    receivedAt: event.receivedAt,
    context: {},
    properties: {},
    consent: [],
    campaign: null,
  };
}
