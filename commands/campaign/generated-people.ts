import { spanOf } from "../../services/contract/campaign-phase.ts";
import type { CampaignRule, CampaignSpec } from "../../services/contract/campaign.ts";
import { PURPOSES, type Purpose } from "../../services/contract/event.ts";
import type { Deed, Person } from "./person.ts";
import { seeded } from "./seeded.ts";

const DAY = 24 * 3_600_000;

/** How long before the window people are known, and how much of it is lived through at most, in days. */
const BEFORE = 120;
export const LIVED = 120;

/** Part of the people who agree to a purpose, and of those who take it back at some time. */
const AGREE = 0.8;
const WITHDRAW = 0.1;

const NAMES = ["Ana", "Bruno", "Carla", "Dan", "Eva", "Faisal", "Greta", "Hugo", "Ines", "Jun"];

/**
 * People whose lives touch everything that a campaign asks about: some do each thing that it names more often than its rules want,
 * some less, some never; some agree, some do not, some take it back. The same seed gives the same people.
 */
export function generatedPeople(spec: CampaignSpec, count: number, seed: number): Person[] {
  const random = seeded(seed);
  const { opensAt, closesAt } = spanOf(spec.window);
  const begin = opensAt.getTime() - BEFORE * DAY;
  const end = Math.min(closesAt.getTime(), opensAt.getTime() + LIVED * DAY);
  const rules = rulesOf(spec);
  const events = eventsOf(spec, rules);
  return Array.from({ length: count }, (_, index) => {
    const instant = (): Date => new Date(begin + random() * (end - begin));
    const deeds: Deed[] = [{ name: "page", at: instant() }];
    for (const [name, often] of events) {
      if (random() < 0.4) continue;
      // Around some moment, so that rules about the last days can hold.
      const around = instant().getTime();
      const times = 1 + Math.floor(random() * 2 * often);
      for (let time = 0; time < times; time += 1) {
        const at = around + (random() - 0.5) * 20 * DAY;
        deeds.push({ name, at: new Date(Math.max(begin, Math.min(end - 1, at))) });
      }
    }
    deeds.sort((a, b) => a.at.getTime() - b.at.getTime());
    return {
      person: `user:${String(index + 1).padStart(6, "0")}`,
      traits: {
        firstName: NAMES[index % NAMES.length],
        email: `person-${index + 1}@example.com`,
        locale: spec.locales[Math.floor(random() * spec.locales.length)],
        ...traitsFor(rules, random),
      },
      deeds,
      consents: consentsFrom(new Date(begin), instant, random),
    };
  });
}

/** Every rule that decides about people. */
function rulesOf({ audience, journey }: CampaignSpec): CampaignRule[] {
  const branches = journey.steps.flatMap(({ branch }) => branch?.if ?? []);
  return [...audience.all, ...(audience.none ?? []), ...branches];
}

/** How often each event matters. */
function eventsOf(spec: CampaignSpec, rules: readonly CampaignRule[]): Map<string, number> {
  const { journey, goal, guardRails } = spec;
  const asked = rules.flatMap(({ event, atLeast, atMost }): [string, number][] =>
    event === undefined ? [] : [[event, Math.min(50, Math.max(1, atLeast ?? 0, atMost ?? 0))]],
  );
  const named = [journey.startsWith, goal.event, ...(guardRails ?? []).map(({ event }) => event)];
  const events = new Map<string, number>();
  for (const name of named) if (name !== undefined) events.set(name, 1);
  for (const [name, often] of asked) events.set(name, Math.max(often, events.get(name) ?? 1));
  return events;
}

function traitsFor(
  rules: readonly CampaignRule[],
  random: () => number,
): Record<string, string | number> {
  const traits: Record<string, string | number> = {};
  for (const { trait, oneOf, atLeast, atMost } of rules) {
    if (trait === undefined || random() < 0.2) continue;
    if (oneOf) {
      traits[trait] = oneOf[Math.floor(random() * oneOf.length)]!;
    } else {
      const low = atLeast ?? 0;
      const high = atMost ?? 2 * low + 1;
      // A fifth to either side of what the rule wants.
      traits[trait] = low + (1.4 * random() - 0.2) * Math.max(1, high - low);
    }
  }
  return traits;
}

function consentsFrom(first: Date, instant: () => Date, random: () => number): Person["consents"] {
  const purposes: Purpose[] = PURPOSES.filter(() => random() < AGREE);
  if (random() >= WITHDRAW || purposes.length === 0) return [{ at: first, purposes }];
  return [
    { at: first, purposes },
    { at: instant(), purposes: [] },
  ];
}
