import type { Purpose } from "../../../../services/contract/event.ts";
import type { Activity, Profile } from "../../../../services/contract/profile.ts";

/** What a person of tests did: the instants of each event, in order. */
export function activityOf(...times: string[]): Activity {
  const days: Record<string, number> = {};
  for (const time of times) days[time.slice(0, 10)] = (days[time.slice(0, 10)] ?? 0) + 1;
  return { count: times.length, firstAt: times[0]!, lastAt: times.at(-1)!, days };
}

/** A person for tests, who granted e-mail. */
export function aPerson(changes: Partial<Profile> = {}): Profile {
  return {
    person: "user:ana",
    ids: ["user:ana"],
    traits: { email: "ana@example.com", firstName: "Ana" },
    activity: {},
    consent: ["email" satisfies Purpose],
    ...changes,
  };
}
