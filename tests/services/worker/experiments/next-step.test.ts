import { nextStep, type Standing } from "../../../../services/worker/experiments/next-step.ts";
import type { Finding, Verdict } from "../../../../services/worker/experiments/verdict.ts";

const finding: Finding = {
  variant: "shipping",
  difference: 0.02,
  low: 0.01,
  high: 0.03,
  pValue: 0.001,
};
const winner: Verdict = { kind: "winner", finding };
const harm: Verdict = { kind: "harm", guardRail: "Order Refunded", finding };
const wait: Verdict = { kind: "wait", findings: [finding] };
const control: Verdict = { kind: "control", findings: [finding] };

/** Half and half, at the first of three steps, whose gate is passed. */
const standing = (changes: Partial<Standing> = {}): Standing => ({
  spec: {
    variants: [
      { name: "discount", percent: 50 },
      { name: "shipping", percent: 50 },
    ],
    rollout: [
      { percent: 5, gate: { hours: 24, people: 200 } },
      { percent: 25, gate: { hours: 48 } },
      { percent: 100 },
    ],
  },
  rolloutPercent: 5,
  percents: { discount: 50, shipping: 50 },
  hours: 24,
  people: 200,
  verdict: wait,
  ...changes,
});

test("the next share of the audience is reached when the gate is passed", () => {
  expect(nextStep(standing())).toEqual({
    rolloutPercent: 25,
    percents: { discount: 50, shipping: 50 },
    reason: "the gate at 5 % is passed",
  });
});

test.each<[string, Partial<Standing>]>([
  ["an hour is missing", { hours: 23 }],
  ["a person is missing", { people: 199 }],
  ["everybody is reached", { rolloutPercent: 100 }],
  ["people are not shared out as declared", { verdict: { kind: "mismatch", pValue: 1e-9 } }],
  ["it was rolled back", { verdict: harm, percents: { discount: 100, shipping: 0 } }],
])("nothing is done when %s", (_, changes) => {
  expect(nextStep(standing(changes))).toBeUndefined();
});

test("a better variant gets half of the rest first, then everybody, then the roll-out goes on", () => {
  const half = nextStep(standing({ verdict: winner }))!;
  expect(half).toEqual({
    rolloutPercent: 5,
    percents: { discount: 25, shipping: 75 },
    reason: "shipping is better than discount",
  });
  const all = nextStep(standing({ verdict: winner, ...half }))!;
  expect(all.percents).toEqual({ discount: 0, shipping: 100 });
  expect(nextStep(standing({ verdict: winner, ...all }))).toMatchObject({
    rolloutPercent: 25,
    percents: { discount: 0, shipping: 100 },
  });
});

test("a better variant is scaled no sooner than the gate's hours allow, also where everybody is reached at once", () => {
  expect(nextStep(standing({ verdict: winner, hours: 23 }))).toBeUndefined();
  expect(nextStep(standing({ verdict: winner, hours: 0, rolloutPercent: 100 }))).toMatchObject({
    percents: { discount: 25, shipping: 75 },
  });
});

test("a broken guard rail gives everybody the control at once, and the roll-out stops", () => {
  expect(nextStep(standing({ verdict: harm, hours: 0 }))).toEqual({
    rolloutPercent: 5,
    percents: { discount: 100, shipping: 0 },
    reason: "shipping breaks the guard rail Order Refunded",
  });
});

test("where no variant is as good as the control, the roll-out goes on with the control", () => {
  const decision = nextStep(standing({ verdict: control }))!;
  expect(decision.percents).toEqual({ discount: 100, shipping: 0 });
  expect(nextStep(standing({ verdict: control, ...decision }))?.rolloutPercent).toBe(25);
});

test("a campaign with one variant grows by its gates alone", () => {
  const { spec } = standing();
  const variants = [{ name: "letter", percent: 100 }];
  const alone = standing({ verdict: undefined, percents: { letter: 100 } });
  expect(nextStep({ ...alone, spec: { ...spec, variants } })?.rolloutPercent).toBe(25);
});
