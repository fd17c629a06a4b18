import { explain } from "../../../../services/worker/experiments/explain.ts";
import { plot } from "../../../../services/worker/experiments/plot.ts";
import {
  judge,
  type Counted,
  type GuardRail,
} from "../../../../services/worker/experiments/verdict.ts";
import { arms } from "./people.ts";

type Counts = readonly [number, number];

const experiment = (a: Counts, b: Counts, guardRails: readonly GuardRail[] = []): Counted => ({
  arms: arms(a, b),
  guardRails,
  effect: 0.03,
  alpha: 0.05,
});

test.each<[string, Counted, string]>([
  ["a difference too small to tell", experiment([5000, 500], [5000, 520]), "wait"],
  ["a better challenger", experiment([5000, 500], [5000, 700]), "winner"],
  ["a worse challenger", experiment([5000, 500], [5000, 300]), "control"],
  ["people who were not shared out as declared", experiment([5000, 500], [3000, 600]), "mismatch"],
  [
    "a better challenger that drives people away",
    experiment(
      [5000, 500],
      [5000, 700],
      [{ name: "unsubscribed", harm: "more", arms: arms([5000, 50], [5000, 400]) }],
    ),
    "harm",
  ],
  [
    "a better challenger after which fewer renew",
    experiment(
      [5000, 500],
      [5000, 700],
      [{ name: "renewed", harm: "fewer", arms: arms([5000, 4000], [5000, 3500]) }],
    ),
    "harm",
  ],
  [
    "a guard rail that gets better",
    experiment(
      [5000, 500],
      [5000, 700],
      [{ name: "unsubscribed", harm: "more", arms: arms([5000, 400], [5000, 50]) }],
    ),
    "winner",
  ],
])("%s", (_title, counted, kind) => {
  expect(judge(counted).kind).toBe(kind);
});

test("several challengers need more evidence each", () => {
  const [control, green] = arms([5000, 500], [5000, 604]);
  const alone = { ...experiment([0, 0], [0, 0]), arms: [control, green] };
  const share = 1 / 4;
  const others = ["blue", "red"].map((variant) => ({ ...control, variant, share }));
  const together = { ...alone, arms: [{ ...control, share }, { ...green, share }, ...others] };
  expect([judge(alone).kind, judge(together).kind]).toEqual(["winner", "wait"]);
});

test("a result is one paragraph that says who, how many, how sure and what follows", () => {
  const counted = experiment([5000, 500], [5000, 700]);
  expect(explain(counted, judge(counted))).toBe(
    "10,000 people saw one of 2 variants: control converted 500 of 5,000 (10.00 %), green converted 700 of 5,000 (14.00 %). green is better than control, by +4.00 points (between +1.99 and +6.01) with 95 % confidence: it is scaled up.",
  );
});

test("every verdict has its words", () => {
  const rail: GuardRail = {
    name: "unsubscribed",
    harm: "more",
    arms: arms([5000, 50], [5000, 400]),
  };
  const said = [
    experiment([5000, 500], [5000, 520]),
    experiment([5000, 500], [5000, 300]),
    experiment([5000, 500], [3000, 600]),
    experiment([5000, 500], [5000, 700], [rail]),
  ].map((counted) => explain(counted, judge(counted)).split(". ").at(-1));
  expect(said).toEqual([
    expect.stringMatching(
      /^No variant is told from control yet with 95 % confidence; so far green differs by \+0\.40 points/,
    ),
    "No challenger is as good as control with 95 % confidence: everybody gets control.",
    expect.stringMatching(
      /^They were not shared out as declared \(p = .*repair them and start again\.$/,
    ),
    expect.stringMatching(
      /^green breaks the guard rail unsubscribed, by \+7\.00 points .*: everybody gets control again\.$/,
    ),
  ]);
});

test("the picture shows the interval of each look, and names nothing unescaped", () => {
  const look = { difference: 0.01, low: -0.01, high: 0.03, pValue: 0.4 };
  const svg = plot("<script>", [
    { day: 0, difference: 0, low: -1, high: 1, pValue: 1 },
    { ...look, day: 1 },
    { ...look, day: 2, low: 0.005 },
  ]);
  expect(svg).toContain(
    "<title>Difference of &#60;script&#62; from the control, in points, by day</title>",
  );
  const points = /<polygon points="([^"]*)"/.exec(svg)![1]!.split(" ");
  expect(points).toHaveLength(6);
  expect(points.every((point) => /^\d+\.\d,\d+\.\d$/.test(point))).toBe(true);
});
