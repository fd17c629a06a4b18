import type { CampaignSpec, Channel as DeclaredChannel } from "../../contract/campaign.ts";
import type { Profile } from "../../contract/profile.ts";

/** A message of a campaign to one person, which has to leave once. */
export interface Effect {
  /** Idempotency key, `<campaign's uid>/<person>/<step>`; the same message has the same for ever. Up to 512 characters. */
  readonly key: string;
  /** A UUID made of `key`, for where a key has to be short or must not name a person. */
  readonly id: string;
  /** Name of the campaign. */
  readonly campaign: string;
  readonly spec: CampaignSpec;
  /** Name of the step that sends it. */
  readonly step: string;
  readonly variant: string;
  /** As the campaign declares the channel. */
  readonly channel: DeclaredChannel;
  /** Name of the campaign's content. */
  readonly content: string;
  /** One of the campaign's, that of the person if there is one. */
  readonly locale: string;
  readonly person: Profile;
  /**
   * Aborts as soon as it must not begin to leave any more, because what let it out a moment ago counts no longer. Look at it
   * directly before the byte that makes the other side act.
   */
  readonly signal: AbortSignal;
}

/** What became of an effect. Reasons hold no secret and no address. */
export type Outcome =
  /** The other side has it. `reference` is its own name for it, if it has one. */
  | { readonly kind: "sent"; readonly reference?: string }
  /** It did not happen and never will. `bounced`: nothing else will reach the person by this address either. */
  | { readonly kind: "refused"; readonly reason: string; readonly bounced?: true }
  /** It certainly did not happen; it may be tried again. */
  | { readonly kind: "later"; readonly reason: string; readonly retryAfterSeconds?: number }
  /** It may have happened: the other side was about to act, and did not say. Nobody knows more before the seconds are over. */
  | { readonly kind: "unknown"; readonly reason: string; readonly retryAfterSeconds?: number };

/** A way out of the worker. */
export interface Channel {
  /**
   * Whether the other side takes an effect of a key once, however often it is sent: then one whose outcome is unknown is sent
   * again, else never.
   */
  readonly isKeyed: boolean;

  /** Makes an effect happen; never throws for what the other side does. */
  send(effect: Effect): Promise<Outcome>;

  /**
   * Asks the other side whether an effect happened whose outcome is unknown; `later` if it did not.
   *
   * @param since when it was let out: it cannot have happened before.
   * @default - it cannot be asked
   */
  ask?(effect: Effect, since: Date): Promise<Outcome>;
}
