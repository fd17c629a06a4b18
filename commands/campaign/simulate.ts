import { spanOf } from "../../services/contract/campaign-phase.ts";
import type { CampaignSpec } from "../../services/contract/campaign.ts";
import { localTimeAt } from "../../services/contract/zoned-time.ts";
import { mayLeave } from "../../services/worker/journeys/gate.ts";
import { localeOf } from "../../services/worker/journeys/locale.ts";
import { mayEnter, next, placeOf, type Place } from "../../services/worker/journeys/next.ts";
import { variantOf } from "../../services/worker/journeys/share.ts";
import { profileAt, type Person } from "./person.ts";
import { timetable } from "./timetable.ts";

const HOUR = 3_600_000;
const DAY = 24 * HOUR;

/** A message that would have left, or been shown on the web. */
export interface Sent {
  readonly at: Date;
  readonly person: string;
  readonly variant: string;
  readonly step: string;
  readonly channel: string;
  readonly content: string;
  readonly locale: string;
  /** In the currency of the budget. */
  readonly cost: number;
}

/** What came of a campaign on a simulated clock. */
export interface Simulation {
  readonly campaign: string;
  readonly people: number;
  /** Those for whom the audience's rules held at some time of the window, with or without an event that lets them in. */
  readonly audience: number;
  /** People who came in, by variant. */
  readonly entered: Readonly<Record<string, number>>;
  /** Who got what when, in order. */
  readonly sent: readonly Sent[];
  /** People who came to each step, in the order of the file. */
  readonly steps: readonly { readonly step: string; readonly people: number }[];
  /** Messages that were not let out, by why. */
  readonly withheld: Readonly<Record<string, number>>;
  /** Messages that had to wait, by why; each once for each reason. */
  readonly delayed: Readonly<Record<string, number>>;
  /** How journeys ended. */
  readonly ended: Readonly<Record<string, number>>;
  /** People who did what the goal is within its days from their first message, by variant. */
  readonly goals: Readonly<Record<string, number>>;
  readonly cost: number;
}

/** Somebody on the way. */
interface Traveller {
  readonly person: Person;
  readonly variant: string;
  place: Place;
  readonly sentAt: Date[];
  readonly waitedFor: Set<string>;
}

/**
 * Runs the whole journey of each person on a simulated clock, by the code that the worker runs: nobody hears of it. People come in
 * as roll-out reaches them, its steps taken as soon as their hours and people are full.
 */
export function simulate(
  campaign: string,
  spec: CampaignSpec,
  people: readonly Person[],
): Simulation {
  const span = spanOf(spec.window);
  const { timeZone } = spec.window;
  const percents = Object.fromEntries(spec.variants.map(({ name, percent }) => [name, percent]));
  const clock = timetable();
  const travellers = new Map<string, Traveller>();
  const audience = new Set<string>();
  const sent: Sent[] = [];
  const steps = new Map(spec.journey.steps.map(({ name }) => [name, new Set<string>()]));
  const [entered, withheld, delayed, ended, goals] = [tally(), tally(), tally(), tally(), tally()];
  const spent = new Map<string, number>();
  let cost = 0;
  let rollout = 0;

  const rollOut = (index: number, since: Date, now: Date): void => {
    const { gate } = spec.rollout[index]!;
    rollout = spec.rollout[index]!.percent;
    for (const person of people) lookAt(person, now);
    if (!gate || index + 1 === spec.rollout.length) return;
    const tryNext = (at: Date): void => {
      if (at >= span.closesAt) return;
      const isEnough = travellers.size >= (gate.people ?? 0);
      if (isEnough) rollOut(index + 1, at, at);
      else clock.at(new Date(at.getTime() + HOUR), tryNext);
    };
    clock.at(new Date(since.getTime() + gate.hours * HOUR), tryNext);
  };

  const lookAt = (person: Person, now: Date): void => {
    if (travellers.has(person.person)) return;
    const profile = profileAt(person, now);
    const isMeant = mayEnter(
      { ...spec, journey: { steps: spec.journey.steps } },
      span,
      profile,
      now,
    );
    if (isMeant) audience.add(person.person);
    if (!isMeant || !mayEnter(spec, span, profile, now)) return;
    const variant = variantOf(
      { name: campaign, spec, rolloutPercent: rollout, percents },
      person.person,
    );
    if (variant === undefined) return;
    const place = placeOf(spec, profile, now);
    const traveller = { person, variant, place, sentAt: [], waitedFor: new Set<string>() };
    travellers.set(person.person, traveller);
    entered.add(variant);
    travel(traveller, now);
  };

  const travel = (traveller: Traveller, now: Date): void => {
    const { person, variant } = traveller;
    for (;;) {
      if (now >= span.closesAt) return ended.add("the window is over");
      const profile = profileAt(person, now);
      const move = next(spec, variant, traveller.place, profile, now);
      if (move.kind === "end") return ended.add(move.reason);
      if (move.kind === "wait") {
        if (move.place.step !== null) steps.get(move.place.step)?.add(person.person);
        traveller.place = move.place;
        return clock.at(move.until, (at) => travel(traveller, at));
      }
      steps.get(move.step)?.add(person.person);
      const channel = spec.channels[move.channel]!;
      const price = (channel.costPerThousand ?? 0) / 1000;
      const today = localTimeAt(now, timeZone).date;
      const gate =
        channel.kind === "web"
          ? ({ kind: "open" } as const)
          : mayLeave(spec, {
              now,
              consent: profile.consent,
              lists: [],
              earlier: traveller.sentAt,
              cost: price,
              spentToday: spent.get(today) ?? 0,
              spentTotal: cost,
              unsettled: 0,
            });
      if (gate.kind === "later") {
        if (!traveller.waitedFor.has(`${move.step} ${gate.why}`)) delayed.add(gate.why);
        traveller.waitedFor.add(`${move.step} ${gate.why}`);
        return clock.at(gate.until, (at) => travel(traveller, at));
      }
      if (gate.kind === "never") withheld.add(gate.why);
      else {
        const { step, channel: by, content } = move;
        const locale = localeOf(spec, person);
        sent.push({
          at: now,
          person: person.person,
          variant,
          step,
          channel: by,
          content,
          locale,
          cost: price,
        });
        traveller.sentAt.push(now);
        spent.set(today, price + (spent.get(today) ?? 0));
        cost += price;
      }
      traveller.place = { ...move.place, since: now };
    }
  };

  clock.at(span.opensAt, (at) => rollOut(0, at, at));
  for (const person of people) {
    for (const { at } of person.deeds) {
      if (at >= span.opensAt && at < span.closesAt) clock.at(at, (now) => lookAt(person, now));
    }
  }
  clock.run();

  for (const { person, variant, sentAt } of travellers.values()) {
    const [first] = sentAt;
    const until = first && first.getTime() + spec.goal.withinDays * DAY;
    const isDone = person.deeds.some(
      ({ name, at }) => first && name === spec.goal.event && at >= first && at.getTime() < until!,
    );
    if (isDone) goals.add(variant);
  }
  return {
    campaign,
    people: people.length,
    audience: audience.size,
    entered: entered.counts(),
    sent,
    steps: [...steps].map(([step, who]) => ({ step, people: who.size })),
    withheld: withheld.counts(),
    delayed: delayed.counts(),
    ended: ended.counts(),
    goals: goals.counts(),
    cost,
  };
}

function tally() {
  const counts: Record<string, number> = {};
  return {
    add: (what: string): void => {
      counts[what] = (counts[what] ?? 0) + 1;
    },
    counts: (): Readonly<Record<string, number>> => counts,
  };
}
