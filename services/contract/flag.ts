import type { Purpose } from "./event.ts";

/** What a flag can be. `experiment`: who is given a variant is counted, by an event of type exposure. */
export const FLAG_KINDS = ["flag", "experiment"] as const;

/** Vendors whose SDKs give people variants by themselves, each by a hash of its own. */
export const BUCKETINGS = ["growthbook", "optimizely", "vwo"] as const;

/** One of {@link BUCKETINGS}. */
export type Bucketing = (typeof BUCKETINGS)[number];

/** A share of everybody or everything is given in parts of this many. */
export const WHOLE = 10_000;

/** What a flag can say; all variants of one flag have values of one type. */
export type FlagValue = boolean | number | string | Readonly<Record<string, unknown>>;

/** One of the things that a flag can say. */
export interface Variant {
  /** 1-64 characters of `[A-Za-z0-9_-]`, unique in its flag. */
  readonly key: string;

  readonly value: FlagValue;

  /** Share of those taking part, in parts of {@link WHOLE}; those of a flag sum up to it. */
  readonly weight: number;

  /**
   * Weight that the flag is rolled out by: who takes part stays the same whatever `weight` is. All variants of a flag have one, or
   * none does; they sum up to {@link WHOLE}. Of no effect for `vwo`, which draws by itself who takes part.
   *
   * @default - `weight`
   */
  readonly rolloutWeight?: number;
}

/** What a person's attribute must be; all that is given must hold, which it does not for who lacks the attribute. */
export interface AudienceRule {
  /** 1-64 characters of `[A-Za-z0-9_]`, the first a letter. */
  readonly attribute: string;

  /** One of these, 1-100. The type counts: `1` is not `"1"`. */
  readonly in?: readonly (string | number | boolean)[];

  /** A number not below this. */
  readonly atLeast?: number;

  /** A number not above this. */
  readonly atMost?: number;

  /**
   * That it does not hold: who lacks the attribute takes part. Not for `optimizely`, whose SDKs leave out everybody whose attribute
   * is lacking or of another type. @default false
   */
  readonly not?: boolean;
}

/**
 * A decision that sites and apps ask for: which variant somebody is given.
 *
 * The same person is given the same variant for ever, whoever asks and wherever, as long as `bucketing`, `salt` and
 * the weights stay; who takes part at some `rollout` also takes part at a greater one, with the same variant unless it is rolled out
 * by weights that are not those of the variants.
 */
export interface Flag {
  /** Name that code asks by: 1-64 characters of `[A-Za-z0-9_-]`. */
  readonly key: string;

  readonly kind: (typeof FLAG_KINDS)[number];

  /** Whether anybody takes part. Who does not is given the first variant. */
  readonly enabled: boolean;

  /** Whose hash decides: that of the vendor whose SDK evaluates the flag by itself; of no such SDK, `growthbook`. */
  readonly bucketing: Bucketing;

  /** Mixed with the person's id; another salt is another draw. 1-64 characters of `[A-Za-z0-9_-]`. */
  readonly salt: string;

  /** 2-20; the first is the control. */
  readonly variants: readonly Variant[];

  /** Share of the audience that takes part, in parts of {@link WHOLE}; for `vwo` in whole hundreds. */
  readonly rollout: number;

  /** Who can take part: those whom all rules hold for. 0-40. */
  readonly audience: readonly AudienceRule[];

  /**
   * Purposes that somebody must have granted to take part, in the attribute `consent`: an object of purpose → `true`. Only for
   * `growthbook`: the other SDKs know no such attribute. @default - none
   */
  readonly consent?: readonly Purpose[];

  /** Campaign that declares it, up to 256 characters; null if none does. */
  readonly campaign: string | null;
}
