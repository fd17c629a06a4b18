import fc from "fast-check";
import { decidingFlag } from "../../../../services/collector/flags/decide.ts";
import { flagBreach } from "../../../../services/contract/check-flag.ts";
import type { CurrentCampaign } from "../../../../services/worker/campaigns/current.ts";
import { flagOf } from "../../../../services/worker/campaigns/flag.ts";
import { letterCampaign } from "./a-campaign.ts";
import { webCampaign } from "./web-campaign.ts";

const running = (changes: Partial<CurrentCampaign> = {}): CurrentCampaign => ({
  name: "sale",
  uid: "uid",
  generation: 1,
  spec: webCampaign(),
  opensAt: new Date(0),
  closesAt: new Date(1),
  hold: undefined,
  phase: "live",
  rolloutPercent: 5,
  rolloutSince: new Date(0),
  isHarmed: false,
  percents: { discount: 60, free: 40 },
  reason: "",
  now: new Date(0),
  ...changes,
});
const page = (variant: string): object => ({ type: "landing-page", slug: "sale", variant });

test("a campaign on the web is an experiment of what its variants show, rolled out as far as it is", () => {
  expect(flagOf(running(), false)).toEqual({
    key: "sale",
    kind: "experiment",
    enabled: true,
    bucketing: "growthbook",
    salt: "sale",
    variants: [
      { key: "_none", value: {}, weight: 0 },
      { key: "discount", value: { offer: page("a") }, weight: 6000 },
      { key: "free", value: { offer: page("b") }, weight: 4000 },
    ],
    rollout: 500,
    audience: [],
    consent: ["personalization"],
    campaign: "sale",
  });
});

test("a campaign without the web is no flag", () => {
  expect(flagOf(running({ spec: letterCampaign() }), false)).toBeUndefined();
});

test.each<[string, Partial<CurrentCampaign>, boolean]>([
  ["scheduled", { phase: "scheduled" }, false],
  ["paused", { phase: "paused" }, false],
  ["live while all outbound is stopped", {}, true],
])("the flag of a campaign that is %s shows nobody anything", (_phase, changes, isStopped) => {
  expect(flagOf(running(changes), isStopped)?.enabled).toBe(false);
});

test("who has not granted what the campaign is based on is shown nothing", () => {
  const spec = webCampaign({ consentBasis: ["analytics", "personalization"] });
  const deciding = decidingFlag(flagOf(running({ spec, rolloutPercent: 100 }), false)!, 1);
  const given = [{ analytics: true, personalization: true }, { personalization: true }, undefined];
  expect(given.map((consent) => deciding.decide("ana", { consent }).reason)).toEqual([
    "SPLIT",
    "DEFAULT",
    "DEFAULT",
  ]);
});

test("whom a rule on a trait keeps out, the edge keeps out", () => {
  const audience = {
    all: [{ trait: "country", oneOf: ["ES"] }],
    none: [
      { trait: "plan", oneOf: ["staff"] },
      { trait: "orders", atLeast: 10 },
      { event: "page", atLeast: 2 },
    ],
  };
  const flag = flagOf(running({ spec: webCampaign({ audience }), rolloutPercent: 100 }), false)!;
  expect(flagBreach(flag)).toBeUndefined();
  const known = { country: "ES", consent: { personalization: true } };
  const isReached = (attributes: object): boolean =>
    decidingFlag(flag, 1).decide("ana", { ...known, ...attributes }).reason === "SPLIT";
  expect(
    [{}, { plan: "pro" }, { plan: "staff" }, { orders: 9 }, { orders: 10 }].map(isReached),
  ).toEqual([true, true, false, true, false]);
});

test.each(["all", "none"])(
  "a trait in %s that no flag can ask for shows nobody anything",
  (part) => {
    const rule = { trait: "country-code", oneOf: ["ES"] };
    const audience = { all: [], [part]: [rule] };
    const flag = flagOf(running({ spec: webCampaign({ audience }) }), false)!;
    expect([flagBreach(flag), flag.enabled]).toEqual([undefined, false]);
  },
);

test("rules on traits are the flag's audience; those on events are not known at the edge", () => {
  const audience = {
    all: [
      { trait: "plan", oneOf: ["pro"] },
      { trait: "orders", atLeast: 1, atMost: 5 },
      { event: "page", atLeast: 2 },
    ],
  };
  expect(flagOf(running({ spec: webCampaign({ audience }) }), false)?.audience).toEqual([
    { attribute: "plan", in: ["pro"] },
    { attribute: "orders", atLeast: 1, atMost: 5 },
  ]);
});

test("what is decided about variants moves nobody in or out of a share of the audience", () => {
  const decided = flagOf(running({ percents: { discount: 100, free: 0 } }), false);
  expect(decided?.variants.map(({ weight, rolloutWeight }) => [weight, rolloutWeight])).toEqual([
    [0, 0],
    [10_000, 6000],
    [0, 4000],
  ]);
});

test("whatever is decided, the edge takes the flag, and rolling out further loses nobody, and moves nobody once variants are settled", () => {
  const percent = fc.integer({ min: 0, max: 100 });
  fc.assert(
    fc.property(
      fc.oneof(percent, fc.constantFrom(0, 60, 100)),
      percent,
      percent,
      percent,
      fc.string({ minLength: 1 }),
      (discount, decided, one, other, person) => {
        const given = (ofDiscount: number, rolloutPercent: number) => {
          const percents = { discount: ofDiscount, free: 100 - ofDiscount };
          const flag = flagOf(running({ percents, rolloutPercent }), false)!;
          expect(flagBreach(flag)).toBeUndefined();
          return decidingFlag(flag, 1).decide(person, {});
        };
        const [less, more] = [Math.min(one, other), Math.max(one, other)];
        const before = given(discount, less);
        expect(given(decided, less).reason).toBe(before.reason);
        if (before.reason !== "SPLIT") expect(before.variant.key).toBe("_none");
        else {
          expect(given(discount, more).reason).toBe("SPLIT");
          // The worker rolls out no further while a variant is on its way to everybody.
          if ([0, 60, 100].includes(discount)) {
            expect(given(discount, more).variant.key).toBe(before.variant.key);
          }
        }
      },
    ),
    { seed: 8 },
  );
});
