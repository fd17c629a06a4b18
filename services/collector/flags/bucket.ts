import murmurhash from "murmurhash";

import { WHOLE } from "../../contract/flag.ts";
import type { Bucketing, Flag } from "../../contract/flag.ts";
import { rangesOf } from "../../contract/flag-ranges.ts";
import { fnv1a, fnv1aOfNumber } from "../../contract/fnv1a.ts";

/** Index of the variant that a person is given by their id; -1 for one who does not take part. */
export type Bucketer = (id: string) => number;

/** Number of the account in VWO's settings; its SDKs mix it into their hash. */
export const VWO_ACCOUNT = 1;

/** Decides for a flag as the vendor's own SDK does. */
export function bucketerOf(flag: Flag): Bucketer {
  return BUCKETERS[flag.bucketing](flag);
}

const BUCKETERS: Readonly<Record<Bucketing, (flag: Flag) => Bucketer>> = {
  /** `hash` of version 2 and `chooseVariation` in GrowthBook's `util.ts`. */
  growthbook: (flag) => {
    const salted = fnv1a(flag.salt);
    return inRanges(flag, (id) => fnv1aOfNumber(fnv1a(id, salted)) % WHOLE);
  },

  /** `generateBucketValue` in Optimizely's `bucketer`; the salt is the experiment's id. */
  optimizely: (flag) => inRanges(flag, (id) => Math.floor(share(id + flag.salt) * WHOLE)),

  /** `isUserPartOfCampaign` and `bucketUserToVariation` in VWO's `CampaignDecisionService`. */
  vwo: (flag) => {
    const variantAt = inRanges({ ...flag, rollout: WHOLE }, (id) =>
      Math.floor(share(`${flag.salt}_${VWO_ACCOUNT}_${id}`) * WHOLE),
    );
    const percent = flag.rollout / 100;
    return (id) => (Math.floor(share(`${flag.salt}_${id}`) * 100) < percent ? variantAt(id) : -1);
  },
};

/** Where a text is between 0 and 1, by MurmurHash 3 of 32 bits over its UTF-8, seed 1. */
function share(text: string): number {
  return murmurhash.v3(text, 1) / 2 ** 32;
}

function inRanges(flag: Flag, bucketOf: (id: string) => number): Bucketer {
  const ranges = rangesOf(flag);
  return (id) => {
    const bucket = bucketOf(id);
    for (let index = 0; index < ranges.length; index += 1) {
      const { variant, from, to } = ranges[index]!;
      if (bucket >= from && bucket < to) return variant;
    }
    return -1;
  };
}
