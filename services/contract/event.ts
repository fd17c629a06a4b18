/** What an event can be. `exposure`: a person was shown a variant of an experiment. */
export const EVENT_TYPES = [
  "track",
  "identify",
  "page",
  "screen",
  "group",
  "alias",
  "exposure",
] as const;

/** One of {@link EVENT_TYPES}. */
export type EventType = (typeof EVENT_TYPES)[number];

/** What a person can agree to, each by itself. */
export const PURPOSES = ["analytics", "personalization", "advertising", "email"] as const;

/** One of {@link PURPOSES}. */
export type Purpose = (typeof PURPOSES)[number];

/** Characters of a name and of a campaign, at most. */
export const MAX_NAME = 512;
export const MAX_CAMPAIGN = 256;

/**
 * One event, whichever SDK sent it. `source` and `id` together are the key of deduplication.
 *
 * Texts hold no U+0000 and no lone surrogate and numbers are finite, so that every store can keep them.
 * An event without the purpose `analytics` holds what `reduceToConsent` leaves of it.
 */
export interface Event {
  /** Site or app that sent it: the name of a source, 1-63 characters of `[a-z0-9-]`. */
  readonly source: string;

  /** The SDK's own message id; where it has none, a digest of the event, of one that may not be kept whole a new one; 1-256 characters. */
  readonly id: string;

  readonly type: EventType;

  /** What happened, in the sender's words, up to {@link MAX_NAME} characters; null where the type says it all. */
  readonly name: string | null;

  /** Protocol it arrived in, 1-32 characters of `[a-z0-9-]`; null without consent. */
  readonly dialect: string | null;

  /** The sender's name for a person not logged in, 1-256 characters. */
  readonly anonymousId: string | null;

  /** The sender's name for a person logged in, 1-256 characters. */
  readonly userId: string | null;

  /** When it happened: UTC as `2026-01-31T12:00:00.000Z`, years 1970-9999. */
  readonly occurredAt: string;

  /** When the collector received it; form as of `occurredAt`. */
  readonly receivedAt: string;

  /** Circumstances: page, device, library, and what the contract has no field for. */
  readonly context: Readonly<Record<string, unknown>>;

  /** What the sender says about the event; of `identify` and `group` the traits. */
  readonly properties: Readonly<Record<string, unknown>>;

  /** Purposes granted, without repetition. What is not listed is not granted. */
  readonly consent: readonly Purpose[];

  /** Campaign that led here, up to {@link MAX_CAMPAIGN} characters. */
  readonly campaign: string | null;
}
