import { FlagdCore } from "@openfeature/flagd-core";
import { GrowthBookClient } from "@growthbook/growthbook";
import type { FeatureApiResponse } from "@growthbook/growthbook";
import type { Logger } from "@openfeature/core";

import type { Flag } from "../services/contract/flag.ts";
import { decidingFlag } from "../services/collector/flags/decide.ts";
import { growthbookFeatures } from "../services/collector/flags/growthbook-features.ts";
import { interleaved, median, report, round } from "./measure.ts";

// One experiment with two variants for people of one plan, decided for 100,000 people, by the collector and by the SDKs
// that decide by themselves: each asked as its documentation says, each with the same people and their attributes.
const PEOPLE = 100_000;
const PAIRS = 7;

const flag: Flag = {
  key: "checkout",
  kind: "experiment",
  enabled: true,
  bucketing: "growthbook",
  salt: "checkout-exp",
  variants: [
    { key: "off", value: "grey", weight: 5_000 },
    { key: "on", value: "green", weight: 5_000 },
  ],
  rollout: 10_000,
  audience: [{ attribute: "plan", in: ["pro"] }],
  campaign: null,
};

const people = Array.from({ length: PEOPLE }, (_, index) => ({
  id: `user-${index}`,
  targetingKey: `user-${index}`,
  plan: index % 10 === 0 ? "free" : "pro",
}));

const deciding = decidingFlag(flag, 1);
const ours = (): string[] =>
  people.map((person) => deciding.decide(person.id, person).variant.value as string);

const silent: Logger = { error() {}, warn() {}, info() {}, debug() {} };
const flagd = new FlagdCore(undefined, silent);
flagd.setConfigurations(
  JSON.stringify({
    flags: {
      checkout: {
        state: "ENABLED",
        variants: { off: "grey", on: "green" },
        defaultVariant: "off",
        targeting: {
          if: [
            { in: [{ var: "plan" }, ["pro"]] },
            {
              fractional: [
                { cat: ["checkout-exp", { var: "targetingKey" }] },
                ["off", 50],
                ["on", 50],
              ],
            },
            "off",
          ],
        },
      },
    },
  }),
);
const theirsFlagd = (): string[] =>
  people.map((person) => flagd.resolveStringEvaluation("checkout", "none", person, silent).value);

const set = {
  byKey: new Map([["checkout", deciding]]),
  revision: "1",
  since: 0,
};
const growthbook = new GrowthBookClient();
growthbook.initSync({ payload: growthbookFeatures(set) as unknown as FeatureApiResponse });
const theirsGrowthbook = (): string[] =>
  people.map((person) => growthbook.getFeatureValue("checkout", "none", { attributes: person }));

if (JSON.stringify(ours()) !== JSON.stringify(theirsGrowthbook())) {
  throw new Error("GrowthBook's SDK must give everybody what the collector gives them");
}

for (const [name, theirs] of [
  ["flagd-core", theirsFlagd],
  ["growthbook", theirsGrowthbook],
] as const) {
  const { a, b } = await interleaved(
    PAIRS,
    async () => perSecond(ours),
    async () => perSecond(theirs),
  );
  report("bucketing", {
    comparedTo: name,
    decisionsPerSecond: Math.round(median(a)),
    theirs: Math.round(median(b)),
    ratio: round(median(a.map((figure, pair) => figure / b[pair]!))),
    pairs: PAIRS,
  });
}

function perSecond(decide: () => string[]): number {
  const begun = performance.now();
  const values = decide();
  const seconds = (performance.now() - begun) / 1000;
  if (values.includes("none")) throw new Error("everybody must be given a value");
  return PEOPLE / seconds;
}
