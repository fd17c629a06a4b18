import { flagBreach } from "../../../services/contract/check-flag.ts";
import { aFlag } from "../collector/flags/a-flag.ts";

const variants = (...shares: [string, unknown, number, number?][]): object => ({
  variants: shares.map(([key, value, weight, rolloutWeight]) => ({
    key,
    value,
    weight,
    ...(rolloutWeight !== undefined && { rolloutWeight }),
  })),
});

test.each([
  {},
  { kind: "flag", enabled: false, rollout: 0, campaign: null },
  variants(["a", { x: 1 }, 1], ["b", {}, 9_999], ["c", {}, 0]),
  variants(["a", 1, 10_000, 0], ["b", 2, 0, 10_000]),
  { audience: [{ attribute: "plan", in: ["pro", 1, true] }] },
  { audience: [{ attribute: "age", atLeast: 18, atMost: 18 }] },
  { audience: [{ attribute: "plan", in: ["pro"], not: true }] },
  { bucketing: "optimizely", audience: [{ attribute: "age", atLeast: 18 }] },
  { consent: ["analytics", "personalization"] },
  { bucketing: "vwo", rollout: 700, audience: [{ attribute: "plan", in: ["pro", "team 2"] }] },
])("a flag with %j keeps to the contract", (changes) => {
  expect(flagBreach({ ...aFlag(), ...changes })).toBeUndefined();
});

test.each<[object, string]>([
  [{ key: "a b" }, 'key must match pattern "^[A-Za-z0-9_-]{1,64}$", got "a b"'],
  [{ key: "__proto__" }, 'names must not be those that every object has, got "__proto__"'],
  [{ salt: "constructor" }, 'names must not be those that every object has, got "constructor"'],
  [{ kind: "test" }, 'kind must be one of flag, experiment, got "test"'],
  [
    { consent: ["all"] },
    'consent.0 must be one of analytics, personalization, advertising, email, got "all"',
  ],
  [
    { bucketing: "vwo", consent: ["analytics"] },
    "consent must be left out for bucketing vwo, got analytics",
  ],
  [{ bucketing: "md5" }, 'bucketing must be one of growthbook, optimizely, vwo, got "md5"'],
  [{ rollout: 0.5 }, "rollout must be integer, got 0.5"],
  [{ rollout: 10_001 }, "rollout must be <= 10000, got 10001"],
  [{ variants: [] }, "variants must NOT have fewer than 2 items, got []"],
  [
    variants(["a", 1, 5_000], ["b", 2, 4_000]),
    "weights of variants must sum up to 10000, got 9000",
  ],
  [
    variants(["a", 1, 5_000], ["b", 2, 5_000, 10_000]),
    "rolloutWeights must be of all variants and sum up to 10000, or of none, got 10000",
  ],
  [
    variants(["a", 1, 5_000, 4_000], ["b", 2, 5_000, 4_000]),
    "rolloutWeights must be of all variants and sum up to 10000, or of none, got 4000, 4000",
  ],
  [variants(["a", 1, 5_000], ["a", 2, 5_000]), "variants must have keys of their own, got a, a"],
  [
    variants(["a", 1, 5_000], ["b", "2", 5_000]),
    "values of variants must be of one type, got number, string",
  ],
  [
    variants(["a", null, 5_000], ["b", null, 5_000]),
    "variants.0.value must be boolean,number,string,object, got null",
  ],
  [
    variants(["a", "\0", 5_000], ["b", "", 5_000]),
    "flag.variants.0.value must be well-formed text without U+0000",
  ],
  [
    { audience: [{ attribute: "age" }] },
    'audience.0 must NOT have fewer than 2 properties, got {"attribute":"age"}',
  ],
  [
    { audience: [{ attribute: "age", atLeast: 2, atMost: 1 }] },
    "atMost of audience must not be below atLeast, got 1 and 2",
  ],
  [
    { audience: [{ attribute: "plan", not: true }] },
    'audience must say in, atLeast or atMost with not, got {"attribute":"plan","not":true}',
  ],
  [
    { bucketing: "optimizely", audience: [{ attribute: "plan", in: ["pro"], not: true }] },
    'audience must be without not for bucketing optimizely, got {"attribute":"plan","in":["pro"],"not":true}',
  ],
  [
    { bucketing: "vwo", rollout: 750 },
    "rollout must be in whole hundreds for bucketing vwo, got 750",
  ],
  [
    { bucketing: "vwo", audience: [{ attribute: "age", atLeast: 2 }] },
    'audience must be of "in" with plain words for bucketing vwo, got {"attribute":"age","atLeast":2}',
  ],
  [
    { bucketing: "vwo", audience: [{ attribute: "plan", in: ["1e3"] }] },
    'audience must be of "in" with plain words for bucketing vwo, got {"attribute":"plan","in":["1e3"]}',
  ],
  [{ owner: "me" }, expect.stringMatching(/^flag must NOT have additional properties, got \{/)],
])("fails on a flag with %j: %s", (changes, reason) => {
  expect(flagBreach({ ...aFlag(), ...changes })).toEqual(reason);
});

test.each([null, 7, "x", []])("fails on %j, which is no flag", (value) => {
  expect(flagBreach(value)).toBe(`flag must be object, got ${JSON.stringify(value)}`);
});
