import fc from "fast-check";
import { bucketerOf } from "../../../../services/collector/flags/bucket.ts";
import { flagOf } from "../../../../services/worker/campaigns/flag.ts";
import { variantOf } from "../../../../services/worker/journeys/share.ts";
import { webCampaign } from "../campaigns/web-campaign.ts";

const spec = webCampaign();
const shares = { name: "sale", spec, rolloutPercent: 100, percents: { discount: 60, free: 40 } };

test("a person is given the variant that the edge gives them", () => {
  fc.assert(
    fc.property(fc.string({ minLength: 1 }), fc.nat(100), fc.nat(100), (id, rollout, percent) => {
      const running = {
        ...shares,
        rolloutPercent: rollout,
        percents: { discount: percent, free: 100 - percent },
      };
      const flag = flagOf(
        {
          ...running,
          uid: "",
          generation: 1,
          opensAt: new Date(0),
          closesAt: new Date(1),
          hold: undefined,
          phase: "live",
          rolloutSince: new Date(0),
          isHarmed: false,
          reason: "",
          now: new Date(0),
        },
        false,
      )!;
      // The edge's first variant is that of nobody, which has no weight.
      const index = bucketerOf(flag)(id);
      expect(variantOf(running, `user:${id}`)).toBe(flag.variants[index]?.key);
    }),
  );
});

test("a winner that is scaled, or a variant that is rolled back, reaches nobody new and loses nobody", () => {
  const people = Array.from({ length: 20_000 }, (_, index) => `user:${index}`);
  const given = (discount: number) => {
    const percents = { discount, free: 100 - discount };
    return people.map((one) => variantOf({ ...shares, rolloutPercent: 25, percents }, one));
  };
  const before = given(60);
  for (const discount of [30, 0, 100]) {
    const after = given(discount);
    expect(after.map((variant) => variant !== undefined)).toEqual(
      before.map((variant) => variant !== undefined),
    );
    const reached = after.filter((variant) => variant !== undefined);
    const share = reached.filter((variant) => variant === "discount").length / reached.length;
    expect(Math.abs(share - discount / 100)).toBeLessThan(0.03);
  }
  // Who was given the winner before it was one keeps it.
  const scaled = given(30);
  expect(before.every((variant, i) => variant !== "free" || scaled[i] === "free")).toBe(true);
});

test("a larger share keeps whom a smaller one reached, with the same variant", () => {
  const people = Array.from({ length: 2000 }, (_, index) => `user:${index}`);
  const reached = (rolloutPercent: number) =>
    new Map(people.map((one) => [one, variantOf({ ...shares, rolloutPercent }, one)]));
  const [some, all] = [reached(25), reached(100)];
  const counted = [...some.values()].filter((variant) => variant !== undefined).length;
  expect(counted).toBeGreaterThan(400);
  expect(counted).toBeLessThan(600);
  for (const [one, variant] of some) if (variant) expect(all.get(one)).toBe(variant);
  expect([...reached(0).values()].every((variant) => variant === undefined)).toBe(true);
});
