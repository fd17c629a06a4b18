import type { Purpose } from "../../services/contract/event.ts";
import type { Activity, Profile } from "../../services/contract/profile.ts";

/** A person whose life is known from before a campaign until after it. */
export interface Person {
  /** `user:<id>` or `anonymous:<id>`. */
  readonly person: string;
  readonly traits: Readonly<Record<string, unknown>>;
  /** What they do, in order of time. */
  readonly deeds: readonly Deed[];
  /** Each time that they say what they agree to, in order; nothing before the first. */
  readonly consents: readonly { readonly at: Date; readonly purposes: readonly Purpose[] }[];
}

/** Something that a person does. */
export interface Deed {
  /** As in the profiles: of a track event its name, of another its type. */
  readonly name: string;
  readonly at: Date;
}

/** An activity that is being counted. */
type Mutable = { -readonly [K in keyof Activity]: Activity[K] } & { days: Record<string, number> };

/** What the worker would know of a person at an instant. */
export function profileAt({ person, traits, deeds, consents }: Person, now: Date): Profile {
  // An event may be called as what every other object has: constructor.
  const activity = Object.create(null) as Record<string, Mutable>;
  for (const { name, at } of deeds) {
    if (at > now) break;
    const time = at.toISOString();
    const day = time.slice(0, 10);
    const known = (activity[name] ??= { count: 0, firstAt: time, lastAt: time, days: {} });
    known.count += 1;
    known.lastAt = time;
    known.days[day] = 1 + (known.days[day] ?? 0);
  }
  const consent = consents.findLast(({ at }) => at <= now)?.purposes ?? [];
  return { person, ids: [person], traits, activity, consent };
}
