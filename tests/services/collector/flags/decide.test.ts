import type { Flag } from "../../../../services/contract/flag.ts";
import { decidingFlag } from "../../../../services/collector/flags/decide.ts";
import { aFlag } from "./a-flag.ts";

const decide = (changes: Partial<Flag>, attributes = {}): string => {
  // Everybody who takes part is given `on`.
  const variants = aFlag().variants.map((variant, index) => ({
    ...variant,
    weight: index * 10_000,
  }));
  const { variant, reason } = decidingFlag(aFlag({ variants, ...changes }), 1).decide(
    "user-1",
    attributes,
  );
  return `${reason} ${variant.key}`;
};

test("who takes part is given the variant of their draw, who does not the control", () => {
  expect(decide({})).toBe("SPLIT on");
  expect(decide({ rollout: 0 })).toBe("DEFAULT off");
  expect(decide({ enabled: false })).toBe("DISABLED off");
});

const plan = [{ attribute: "plan", in: ["pro", 1, true] }];
const age = [{ attribute: "age", atLeast: 18, atMost: 65 }];

test.each<[Flag["audience"], object, boolean]>([
  [plan, { plan: "pro" }, true],
  [plan, { plan: 1 }, true],
  [plan, { plan: true }, true],
  [plan, { plan: "1" }, false],
  [plan, { plan: ["pro"] }, false],
  [plan, { plan: null }, false],
  [plan, {}, false],
  [[{ attribute: "toString", in: ["pro"] }], {}, false],
  [age, { age: 18 }, true],
  [age, { age: 65 }, true],
  [age, { age: 17.9 }, false],
  [age, { age: 66 }, false],
  [age, { age: "20" }, false],
  [age, {}, false],
  [[{ ...plan[0]!, not: true }], { plan: "pro" }, false],
  [[{ ...plan[0]!, not: true }], { plan: "free" }, true],
  [[{ ...plan[0]!, not: true }], {}, true],
  [[{ ...age[0]!, not: true }], { age: 20 }, false],
  [[{ ...age[0]!, not: true }], { age: "20" }, true],
  [[...plan, ...age], { plan: "pro", age: 20 }, true],
  [[...plan, ...age], { plan: "pro" }, false],
])("audience %j, person %j: %j", (audience, attributes, isIn) => {
  expect(decide({ audience }, attributes)).toBe(isIn ? "SPLIT on" : "DEFAULT off");
});
