import { compareArms } from "../../../../services/worker/experiments/sequential-test.ts";
import { sampleRatioPValue } from "../../../../services/worker/experiments/sample-ratio.ts";
import { exposedFor, powerAt } from "../../../../services/worker/experiments/power.ts";
import { printedSeed, seeded } from "../../../faults/random.ts";
import { arms, looks } from "./people.ts";

const PLAN = { effect: 0.03, alpha: 0.05 };
const EXPERIMENTS = 1000;

let random: () => number;
beforeAll(() => {
  random = seeded(printedSeed());
});

/** Whether one of many looks at an experiment tells the arms apart. */
function tellsApart(rates: readonly [number, number], people: number): boolean {
  for (const [control, challenger] of looks(random, { rates, people, every: 50 })) {
    if (compareArms(control, challenger, PLAN).pValue < PLAN.alpha) return true;
  }
  return false;
}

test("of 1,000 experiments without a difference, each looked at 100 times, 5 % at most show one", () => {
  const wrong = Array.from({ length: EXPERIMENTS }, () => tellsApart([0.1, 0.1], 5_000));
  expect(wrong.filter(Boolean).length).toBeLessThanOrEqual(0.05 * EXPERIMENTS);
});

test("a real difference is found with the power that was computed, or more for the earlier looks", () => {
  const plan = { ...PLAN, baseline: 0.1 };
  const people = exposedFor(0.8, plan);
  let last = 0;
  let any = 0;
  for (let experiment = 0; experiment < EXPERIMENTS; experiment += 1) {
    let pValue = 1;
    let found = false;
    for (const [control, challenger] of looks(random, {
      rates: [0.1, 0.13],
      people: 2 * people,
      every: Math.floor(people / 10),
    })) {
      ({ pValue } = compareArms(control, challenger, PLAN));
      found ||= pValue < PLAN.alpha;
    }
    if (pValue < PLAN.alpha) last += 1;
    if (found) any += 1;
  }
  // Four standard errors of a share of 1,000.
  const slack = 4 * Math.sqrt((0.8 * 0.2) / EXPERIMENTS);
  expect(Math.abs(last / EXPERIMENTS - powerAt(people, plan))).toBeLessThan(slack);
  expect(any).toBeGreaterThanOrEqual(last);
});

test("the interval excludes 0 exactly where the p-value is below alpha", () => {
  for (let converted = 60; converted < 160; converted += 1) {
    const { low, high, pValue } = compareArms(...arms([1000, 100], [1000, converted]), PLAN);
    expect(low > 0 || high < 0).toBe(pValue < PLAN.alpha);
  }
});

test("nothing is said before there is something to say", () => {
  expect(compareArms(...arms([0, 0], [0, 0]), PLAN)).toEqual({
    difference: 0,
    low: -1,
    high: 1,
    pValue: 1,
  });
  expect(compareArms(...arms([10, 0], [10, 10]), PLAN).pValue).toBe(1);
});

test("fails to plan for an effect that 100 million people would not show", () => {
  expect(() => exposedFor(0.8, { baseline: 0.1, effect: 0.000001, alpha: 0.05 })).toThrow(
    "power must be reachable with 100 million people an arm, got 0.8",
  );
});

test("of 1,000 experiments that are shared out as declared, 1 % at most look otherwise at any of 100 looks", () => {
  let wrong = 0;
  for (let experiment = 0; experiment < EXPERIMENTS; experiment += 1) {
    for (const counted of looks(random, { rates: [0.1, 0.1], people: 5_000, every: 50 })) {
      if (sampleRatioPValue(counted) >= 0.01) continue;
      wrong += 1;
      break;
    }
  }
  expect(wrong).toBeLessThanOrEqual(0.01 * EXPERIMENTS);
});

test("one lost exposure in ten is a mismatch", () => {
  expect(sampleRatioPValue(arms([10_000, 0], [9_000, 0]))).toBeLessThan(0.001);
  expect(sampleRatioPValue(arms([10_000, 0], [9_950, 0]))).toBe(1);
  expect(sampleRatioPValue(arms([0, 0], [0, 0]))).toBe(1);
});
