import fc from "fast-check";

import type { AudienceRule, Bucketing, Flag } from "../../../../services/contract/flag.ts";
import { PURPOSES } from "../../../../services/contract/event.ts";
import { FLAG_KINDS, WHOLE } from "../../../../services/contract/flag.ts";
import { aFlag } from "./a-flag.ts";

const WORDS = ["pro", "free", "team 2"];
const ATTRIBUTES = ["plan", "age"];

const wordRule: fc.Arbitrary<AudienceRule> = fc.record({
  attribute: fc.constantFrom(...ATTRIBUTES),
  in: fc.subarray(WORDS, { minLength: 1 }),
});

const anyRule: fc.Arbitrary<AudienceRule> = fc.oneof(
  wordRule,
  fc.record({
    attribute: fc.constantFrom(...ATTRIBUTES),
    in: fc.array(fc.constantFrom("pro", "1", 1, 0, true, false, ""), { minLength: 1 }),
  }),
  fc.record({
    attribute: fc.constantFrom(...ATTRIBUTES),
    atLeast: fc.integer({ min: -2, max: 2 }),
  }),
  fc.record({ attribute: fc.constantFrom(...ATTRIBUTES), atMost: fc.integer({ min: -2, max: 2 }) }),
);

function ruleFor(bucketing: Bucketing): fc.Arbitrary<AudienceRule> {
  const rule = bucketing === "vwo" ? wordRule : anyRule;
  if (bucketing === "optimizely") return rule;
  return fc.tuple(rule, fc.boolean()).map(([said, not]) => (not ? { ...said, not } : said));
}

/** Flags of all kinds that keep to the contract, bucketed as one vendor. */
export function anyFlag(bucketing: Bucketing): fc.Arbitrary<Flag> {
  const isVwo = bucketing === "vwo";
  return fc
    .record({
      kind: fc.constantFrom(...FLAG_KINDS),
      enabled: fc.oneof({ weight: 9, arbitrary: fc.constant(true) }, fc.constant(false)),
      salt: fc.stringMatching(/^[A-Za-z0-9_-]{1,20}$/).filter((salt) => !(salt in {})),
      cuts: fc.uniqueArray(fc.integer({ min: 0, max: WHOLE }), { minLength: 1, maxLength: 4 }),
      rolloutCuts: fc.array(fc.nat(WHOLE), { minLength: 4, maxLength: 4 }),
      isRolledOutByOther: fc.boolean(),
      rollout: isVwo ? fc.nat(100).map((percent) => percent * 100) : fc.nat(WHOLE),
      isForAll: fc.boolean(),
      audience: fc.array(ruleFor(bucketing), { maxLength: 2 }),
      consent: fc.option(fc.subarray([...PURPOSES], { maxLength: 2 })),
    })
    .map(({ cuts, rolloutCuts, isRolledOutByOther, isForAll, rollout, consent, ...said }) => {
      const weights = weightsBetween(cuts);
      const rolloutWeights = weightsBetween(rolloutCuts.slice(0, cuts.length));
      const variants = weights.map((weight, index) => ({
        key: `v${index}`,
        value: `value ${index}`,
        weight,
        ...(isRolledOutByOther && { rolloutWeight: rolloutWeights[index]! }),
      }));
      return aFlag({
        ...said,
        bucketing,
        variants,
        rollout: isForAll ? WHOLE : rollout,
        ...(bucketing === "growthbook" && consent && { consent }),
      });
    });
}

/** Weights that sum up to the whole. */
function weightsBetween(cuts: readonly number[]): number[] {
  const ends = [...cuts].sort((a, b) => a - b).concat(WHOLE);
  return ends.map((end, index) => end - (ends[index - 1] ?? 0));
}

/** Ids of people, of all scripts. */
export const anyId = fc.oneof(
  fc.nat(1_000_000).map((number) => `user-${number}`),
  fc.string({ unit: "grapheme", minLength: 1, maxLength: 40 }),
);

/** What may be said of people; most of it concerns some flag. */
export const anyAttributes = fc.record(
  Object.fromEntries(
    ATTRIBUTES.map((name) => [
      name,
      fc.constantFrom<unknown>(...WORDS, "", "1", 1, 0, -1, 1.5, true, false, null),
    ]),
  ),
  { requiredKeys: [] },
);

/** What may be said of purposes granted, as the SDKs whose attributes may be objects say it. */
export const anyConsent: fc.Arbitrary<unknown> = fc.oneof(
  {
    weight: 6,
    arbitrary: fc.dictionary(
      fc.constantFrom(...PURPOSES),
      fc.oneof(
        { weight: 6, arbitrary: fc.constant<unknown>(true) },
        fc.constantFrom<unknown>(false, "true", 1, null),
      ),
    ),
  },
  fc.constantFrom<unknown>(undefined, "analytics", true, null, 1, ["analytics"]),
);
