import { stepsFor } from "../../../commands/rollout/plan.ts";

const both = ["collector", "worker"];

test.each<[number, number, boolean, object[]]>([
  [1, 1, false, []],
  [0, 0, false, []],
  [0, 2, false, [{ step: "canary", watched: ["worker"] }]],
  [2, 1, false, [{ step: "canary", watched: ["collector"] }]],
  [2, 2, false, [{ step: "canary", watched: both }]],
  [
    3,
    2,
    false,
    [
      { step: "canary", watched: both },
      { step: "half", watched: both },
    ],
  ],
  [
    20,
    1,
    true,
    [
      { step: "canary", watched: ["collector"] },
      { step: "half", watched: ["collector"] },
      { step: "all", watched: both },
    ],
  ],
  [1, 1, true, [{ step: "all", watched: both }]],
])(
  "%i collectors and %i workers, contracting: %s, go by %j",
  (collector, worker, contracts, steps) => {
    expect(stepsFor({ collector, worker }, contracts)).toEqual(steps);
  },
);
