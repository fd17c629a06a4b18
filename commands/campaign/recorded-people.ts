import { readFileSync } from "node:fs";
import type { Event } from "../../services/contract/event.ts";
import type { Person } from "./person.ts";

/** What is read of each event. */
type Recorded = Pick<
  Event,
  "type" | "name" | "anonymousId" | "userId" | "occurredAt" | "properties" | "consent"
>;

/**
 * People as the event log has them, from a file of its events, one in JSON a line, as the contract has them. Who was seen with both
 * ids is one person.
 *
 * @throws Error naming the line that is no event.
 */
export function recordedPeople(path: string): Person[] {
  const events = readFileSync(path, "utf8")
    .split("\n")
    .map((line, index) => ({ line: line.trim(), number: index + 1 }))
    .filter(({ line }) => line !== "")
    .map(({ line, number }) => eventOf(line, `${path}:${number}`))
    .sort((a, b) => (a.occurredAt < b.occurredAt ? -1 : 1));
  const users = new Map<string, string>();
  for (const { anonymousId, userId } of events) {
    if (anonymousId && userId && !users.has(anonymousId)) users.set(anonymousId, userId);
  }
  const people = new Map<string, Recorded[]>();
  for (const event of events) {
    const user = event.userId ?? (event.anonymousId && users.get(event.anonymousId));
    const person = user ? `user:${user}` : `anonymous:${event.anonymousId}`;
    people.set(person, [...(people.get(person) ?? []), event]);
  }
  return [...people].map(([person, own]) => ({
    person,
    traits: Object.assign(
      {},
      ...own.filter(({ type }) => type === "identify").map(({ properties }) => properties),
    ) as Person["traits"],
    deeds: own.map(({ type, name, occurredAt }) => ({
      name: type === "track" ? (name ?? type) : type,
      at: new Date(occurredAt),
    })),
    consents: own.map(({ occurredAt, consent }) => ({
      at: new Date(occurredAt),
      purposes: consent,
    })),
  }));
}

function eventOf(line: string, where: string): Recorded {
  let event: Partial<Recorded> | undefined;
  try {
    event = JSON.parse(line) as Partial<Recorded>;
  } catch {
    // Told below.
  }
  const isEvent =
    typeof event?.type === "string" &&
    !Number.isNaN(Date.parse(event.occurredAt ?? "")) &&
    Array.isArray(event.consent) &&
    (event.userId || event.anonymousId);
  if (isEvent) return event as Recorded;
  throw new Error(
    `${where} must be an event in JSON with type, occurredAt, consent and an id, got ${JSON.stringify(line.slice(0, 80))}; take the line out`,
  );
}
