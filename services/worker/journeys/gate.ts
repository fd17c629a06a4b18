import type { CampaignSpec } from "../../contract/campaign.ts";
import type { Purpose } from "../../contract/event.ts";
import { afterQuietHours, nextDay } from "./clocks.ts";

const DAY = 24 * 60 * 60 * 1000;

/** How long is waited for others to be settled, in milliseconds. */
const UNTIL_SETTLED = 60 * 1000;

/** What decides whether a message may leave to a person, at one moment. */
export interface Situation {
  readonly now: Date;
  /** Purposes that the person grants now. */
  readonly consent: readonly Purpose[];
  /** Names of lists that the person is on. */
  readonly lists: readonly string[];
  /** When messages of any campaign left to the person, those that may have left included. */
  readonly earlier: readonly Date[];
  /** What a message costs, and what those of the campaign have cost, in the currency of the budget. */
  readonly cost: number;
  readonly spentToday: number;
  readonly spentTotal: number;
  /** What of `spentTotal` may come back, because a message that costs it may turn out not to have left, and no other waits for. */
  readonly unsettled: number;
}

/** Whether a message may leave. `why` is one word for counting and the ledger. */
export type Gate =
  | { readonly kind: "open" }
  | { readonly kind: "later"; readonly until: Date; readonly why: LaterReason }
  | { readonly kind: "never"; readonly why: NeverReason };

export type LaterReason = "quiet hours" | "frequency cap" | "daily budget" | "total budget";
export type NeverReason = (typeof NEVER_REASONS)[number];

/** Why a message never may leave. */
export const NEVER_REASONS = ["consent", "suppression list", "total budget"] as const;

/** Whether a message of a campaign may leave in a situation: what is for good comes first, then what passes by itself. */
export function mayLeave(
  spec: Pick<
    CampaignSpec,
    "consentBasis" | "suppressionLists" | "frequencyCap" | "quietHours" | "budget" | "window"
  >,
  { now, consent, lists, earlier, cost, spentToday, spentTotal, unsettled }: Situation,
): Gate {
  const { timeZone } = spec.window;
  if (!spec.consentBasis.every((purpose) => consent.includes(purpose))) {
    return { kind: "never", why: "consent" };
  }
  if (spec.suppressionLists?.some((list) => lists.includes(list))) {
    return { kind: "never", why: "suppression list" };
  }
  if (exceeds(spentTotal - unsettled + cost, spec.budget.total)) {
    return { kind: "never", why: "total budget" };
  }
  const calm = afterQuietHours(spec.quietHours, timeZone, now);
  if (calm > now) return { kind: "later", until: calm, why: "quiet hours" };
  const free = afterFrequencyCap(spec.frequencyCap, earlier, now);
  if (free > now) return { kind: "later", until: free, why: "frequency cap" };
  if (exceeds(spentToday + cost, spec.budget.daily)) {
    return { kind: "later", until: nextDay(timeZone, now), why: "daily budget" };
  }
  if (exceeds(spentTotal + cost, spec.budget.total)) {
    return { kind: "later", until: new Date(now.getTime() + UNTIL_SETTLED), why: "total budget" };
  }
  return { kind: "open" };
}

/** The first instant at which one more message would not be too many. */
function afterFrequencyCap(
  cap: CampaignSpec["frequencyCap"],
  earlier: readonly Date[],
  now: Date,
): Date {
  if (!cap) return now;
  const from = now.getTime() - cap.days * DAY;
  const counted = earlier.map((one) => one.getTime()).filter((time) => time > from);
  if (counted.length < cap.messages) return now;
  counted.sort((a, b) => b - a);
  return new Date(counted[cap.messages - 1]! + cap.days * DAY);
}

/** Sums of prices are not exact: less than a millionth of the currency over is not over. */
function exceeds(sum: number, cap: number): boolean {
  return sum > cap + 1e-6;
}
