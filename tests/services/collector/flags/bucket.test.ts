import fc from "fast-check";

import type { Bucketing, Flag } from "../../../../services/contract/flag.ts";
import { BUCKETINGS, WHOLE } from "../../../../services/contract/flag.ts";
import { bucketerOf } from "../../../../services/collector/flags/bucket.ts";
import { aFlag } from "./a-flag.ts";

/** A flag whose second variant has the buckets from `from` up to, but not with, `to`. */
function withMiddle(bucketing: Bucketing, salt: string, from: number, to: number): Flag {
  const variants = [from, to - from, WHOLE - to].map((weight, index) => ({
    key: String(index),
    value: index,
    weight,
  }));
  return aFlag({ bucketing, salt, variants });
}

// Published by the vendors, or taken from their own SDKs.
test.each<[Bucketing, string, string, number]>([
  ["optimizely", "1886780721", "ppid1", 5254],
  ["optimizely", "1886780721", "ppid2", 4299],
  ["optimizely", "1886780721", "ppid3", 5439],
  ["optimizely", "1886780722", "ppid2", 2434],
  ["optimizely", "601", "user-1", 4037],
  ["optimizely", "601", "ünïcødé-ユーザー", 675],
  ["growthbook", "checkout-exp", "user-1", 639],
  ["growthbook", "checkout-exp", "u0", 2987],
  ["growthbook", "checkout-exp", "ünïcødé-ユーザー", 8403],
])("%s puts, with salt %s, %s in bucket %i", (bucketing, salt, id, bucket) => {
  expect(bucketerOf(withMiddle(bucketing, salt, bucket, bucket + 1))(id)).toBe(1);
});

const flags = fc
  .record({
    bucketing: fc.constantFrom(...BUCKETINGS),
    salt: fc.stringMatching(/^[a-z0-9]{1,20}$/),
    weights: fc.array(fc.nat(100), { minLength: 1, maxLength: 4 }),
    percent: fc.nat(100),
  })
  .map(({ bucketing, salt, weights, percent }) => {
    const first = WHOLE - weights.reduce((sum, weight) => sum + weight, 0) * 10;
    const variants = [first, ...weights.map((weight) => weight * 10)].map((weight, index) => ({
      key: String(index),
      value: index,
      weight,
    }));
    return aFlag({ bucketing, salt, variants, rollout: percent * 100 });
  });

const ids = fc.string({ unit: "grapheme", minLength: 1 });

test("who takes part still does, with the same variant, when a flag is rolled out further", () => {
  fc.assert(
    fc.property(flags, ids, fc.nat(100), (flag, id, more) => {
      const before = bucketerOf(flag)(id);
      const rollout = Math.min(WHOLE, flag.rollout + more * 100);
      if (before >= 0) expect(bucketerOf({ ...flag, rollout })(id)).toBe(before);
    }),
  );
});

test.each(["growthbook", "optimizely"] as const)(
  "other weights of %s move nobody in or out, as long as it is rolled out by the same",
  (bucketing) => {
    const weights = fc.nat(10_000).map((weight) => [weight, WHOLE - weight] as const);
    fc.assert(
      fc.property(weights, weights, weights, fc.nat(WHOLE), ids, (by, one, other, rollout, id) => {
        const isIn = (shares: readonly [number, number]): boolean => {
          const variants = shares.map((weight, i) => ({
            key: String(i),
            value: i,
            weight,
            rolloutWeight: by[i]!,
          }));
          return bucketerOf(aFlag({ bucketing, variants, rollout }))(id) >= 0;
        };
        expect(isIn(one)).toBe(isIn(other));
      }),
    );
  },
);

test("everybody takes part in what is rolled out to all, and nobody in what is rolled out to none", () => {
  fc.assert(
    fc.property(flags, ids, (flag, id) => {
      expect(bucketerOf({ ...flag, rollout: WHOLE })(id)).toBeGreaterThanOrEqual(0);
      expect(bucketerOf({ ...flag, rollout: 0 })(id)).toBe(-1);
    }),
  );
});

test.each(BUCKETINGS)("%s shares people out by weight and rollout", (bucketing) => {
  const people = 20_000;
  const variants = [1_000, 9_000].map((weight, i) => ({ key: String(i), value: i, weight }));
  const bucket = bucketerOf(aFlag({ bucketing, variants, rollout: 5_000 }));
  const counts = [0, 0];
  for (let person = 0; person < people; person += 1) {
    const index = bucket(`user-${person}`);
    if (index >= 0) counts[index]! += 1;
  }
  // Five standard deviations; the people are always the same.
  expect(Math.abs(counts[0]! - people * 0.05)).toBeLessThan(155);
  expect(Math.abs(counts[1]! - people * 0.45)).toBeLessThan(352);
});
