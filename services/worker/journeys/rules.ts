import type { CampaignAudience, CampaignRule } from "../../contract/campaign.ts";
import type { Profile } from "../../contract/profile.ts";

const DAY = 24 * 60 * 60 * 1000;

/** How often a person had done what at some moment, by event. */
export type Counts = Readonly<Record<string, number>>;

/** Whether a person is one of those whom an audience means. */
export function isIn({ all, none }: CampaignAudience, person: Profile, now: Date): boolean {
  const isTrue = (rule: CampaignRule): boolean => holds(rule, person, now);
  return all.every(isTrue) && !(none ?? []).some(isTrue);
}

/**
 * Whether a rule holds for a person.
 *
 * @param before what does not count, because it was done before. @default - everything counts
 */
export function holds(
  rule: CampaignRule,
  person: Profile,
  now: Date,
  before: Counts = {},
): boolean {
  if (rule.event !== undefined) return isWithin(rule, countOf(rule, person, now, before));
  const value = person.traits[rule.trait!];
  if (rule.oneOf && !(typeof value === "string" && rule.oneOf.includes(value))) return false;
  const isNumeric = rule.atLeast !== undefined || rule.atMost !== undefined;
  return !isNumeric || (typeof value === "number" && isWithin(rule, value));
}

/** How often a person has done each of some things. */
export function countsOf(events: readonly string[], { activity }: Profile): Counts {
  return Object.fromEntries(events.map((event) => [event, activity[event]?.count ?? 0]));
}

/** Days are those of UTC, because activity is kept by them; today is one of them. */
function countOf({ event, withinDays }: CampaignRule, person: Profile, now: Date, before: Counts) {
  const activity = person.activity[event!];
  if (!activity) return 0;
  const since = activity.count - (Object.hasOwn(before, event!) ? before[event!]! : 0);
  if (withinDays === undefined) return since;
  const from = new Date(now.getTime() - (withinDays - 1) * DAY).toISOString().slice(0, 10);
  const recent = Object.entries(activity.days).filter(([day]) => day >= from);
  return Math.min(
    since,
    recent.reduce((sum, [, count]) => sum + count, 0),
  );
}

function isWithin({ atLeast, atMost }: CampaignRule, value: number): boolean {
  return value >= (atLeast ?? -Infinity) && value <= (atMost ?? Infinity);
}
