import type { Purpose } from "./event.ts";

/**
 * What a campaign's file holds, and `spec` of the custom resource `Campaign`: what is said to whom, when and at what cost. The
 * schema, with all bounds, is `charts/worker/crds/campaigns.yaml`; a test holds these types to it.
 */
export interface CampaignSpec {
  /** Who answers for it, an e-mail address. */
  readonly owner: string;

  /** What it is for, in a sentence. */
  readonly purpose: string;

  readonly window: CampaignWindow;

  readonly audience: CampaignAudience;

  /** Purposes that a person must have granted when a message leaves. */
  readonly consentBasis: readonly Purpose[];

  /** Languages of the content, the first for people of none of them. */
  readonly locales: readonly string[];

  /** Entries of the CMS by the name that the journey uses. */
  readonly content: Readonly<Record<string, ContentReference>>;

  /** What is tried against what, the first being the control. */
  readonly variants: readonly CampaignVariant[];

  /** Ways out by the name that the journey uses. */
  readonly channels: Readonly<Record<string, Channel>>;

  readonly journey: Journey;

  /** Most messages to a person, those of all campaigns counted. */
  readonly frequencyCap?: { readonly messages: number; readonly days: number };

  /** Hours of the window's time zone, `21:00`, in which nothing leaves. */
  readonly quietHours?: { readonly from: string; readonly to: string };

  /** Names of lists of people who are never reached; a letter never reaches those on a list of `MAIL_FEEDBACK` either. */
  readonly suppressionLists?: readonly string[];

  readonly goal: CampaignGoal;

  /** What must not get worse; a variant that breaks one is rolled back. */
  readonly guardRails?: readonly GuardRail[];

  /** Shares of the audience reached one after the other. */
  readonly rollout: readonly RolloutStep[];

  readonly budget: CampaignBudget;
}

/** When people may be reached, on the wall clocks of a time zone. */
export interface CampaignWindow {
  /** IANA time zone such as `Europe/Madrid`. */
  readonly timeZone: string;
  /** First minute, `2027-03-20 09:00`. */
  readonly from: string;
  /** First minute after it. */
  readonly to: string;
}

/** Those whom every rule of `all` and no rule of `none` holds for. */
export interface CampaignAudience {
  readonly all: readonly CampaignRule[];
  readonly none?: readonly CampaignRule[];
}

/** A rule on a trait, or on how often an event came. */
export interface CampaignRule {
  readonly trait?: string;
  /** Name of a track event, or the type of another such as `page`. */
  readonly event?: string;
  readonly oneOf?: readonly string[];
  readonly atLeast?: number;
  readonly atMost?: number;
  /** Only events of this many days count. */
  readonly withinDays?: number;
}

/** An entry of the CMS. */
export interface ContentReference {
  readonly type: "email-template" | "landing-page" | "page";
  readonly slug: string;
  /** Of a landing page only. */
  readonly variant?: string;
}

/** One of the things that are tried. */
export interface CampaignVariant {
  readonly name: string;
  /** Share of the people who are given it; those of a campaign sum up to 100. */
  readonly percent: number;
  /** Names of the content that it shows, by the name that it stands in for. */
  readonly content?: Readonly<Record<string, string>>;
}

/** A way out. */
export interface Channel {
  readonly kind: "email" | "web" | "chat" | "crm" | "webhook";
  /** Sender that people see; of e-mail only. */
  readonly from?: string;
  /** Name of the secret with address and credentials; of chat, crm and webhook only. */
  readonly secret?: string;
  /** What a thousand messages cost in the currency of the budget. */
  readonly costPerThousand?: number;
}

/** What happens to each person. */
export interface Journey {
  /** Event that lets a person in; without it, the audience comes in as the window opens. */
  readonly startsWith?: string;
  /** From the first to the last, unless a branch leads on. */
  readonly steps: readonly JourneyStep[];
}

/** A step; it has one of `send`, `wait`, `branch` and `end`. */
export interface JourneyStep {
  readonly name: string;
  /** Names of a channel and of content. */
  readonly send?: { readonly channel: string; readonly content: string };
  /** Days on the calendar of the window's time zone, and a time of day, `09:00`. */
  readonly wait?: { readonly days?: number; readonly hours?: number; readonly at?: string };
  /** Names of later steps; without `otherwise`, the next one. */
  readonly branch?: {
    readonly if: readonly CampaignRule[];
    readonly then: string;
    readonly otherwise?: string;
  };
  /** Why it is over. */
  readonly end?: string;
}

/** What a campaign is measured by. */
export interface CampaignGoal {
  readonly event: string;
  /** Days from the first message in which it counts. */
  readonly withinDays: number;
  /** Difference between variants worth finding, in percentage points. */
  readonly effectPercent: number;
}

/** A measure that must not get worse. */
export interface GuardRail {
  readonly event: string;
  /** Direction that is harm. */
  readonly harm: "more" | "fewer";
}

/** A share of the audience, and what must hold before the next one. */
export interface RolloutStep {
  readonly percent: number;
  /** Least time at this step, and least people reached. */
  readonly gate?: { readonly hours: number; readonly people?: number };
}

/** Hard caps: what would exceed one does not leave. */
export interface CampaignBudget {
  /** ISO 4217. */
  readonly currency: string;
  /** Most that a day of the window's time zone may cost. */
  readonly daily: number;
  readonly total: number;
}
