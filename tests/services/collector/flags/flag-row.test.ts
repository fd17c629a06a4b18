import { flagsIn } from "../../../../services/collector/flags/flag-row.ts";
import { aFlag } from "./a-flag.ts";

test("fails on a salt that a flag before has, if it is drawn as Optimizely does", () => {
  const rows = (bucketing: "optimizely" | "growthbook") =>
    ["a", "b"].map((key) => ({ key, version: 1, flag: aFlag({ key, bucketing }) }));
  expect(flagsIn(rows("growthbook")).wrong).toEqual([]);
  expect(flagsIn(rows("optimizely")).wrong).toEqual([
    {
      key: "b",
      version: 1,
      reason: 'salt must be of its own among flags of bucketing optimizely, got "601"',
    },
  ]);
});
