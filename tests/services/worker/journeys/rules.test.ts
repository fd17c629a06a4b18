import { countsOf, holds, isIn } from "../../../../services/worker/journeys/rules.ts";
import { activityOf, aPerson } from "./a-person.ts";

const now = new Date("2027-03-10T12:00:00Z");
const person = aPerson({
  traits: { plan: "gold", orders: 3 },
  activity: {
    page: activityOf(
      "2027-01-01T00:00:00.000Z",
      "2027-03-09T00:00:00.000Z",
      "2027-03-10T01:00:00.000Z",
    ),
  },
});

test.each([
  [{ trait: "plan", oneOf: ["gold", "silver"] }, true],
  [{ trait: "plan", oneOf: ["silver"] }, false],
  [{ trait: "city", oneOf: ["Jaén"] }, false],
  [{ trait: "orders", atLeast: 3 }, true],
  [{ trait: "orders", atLeast: 4 }, false],
  [{ trait: "orders", atMost: 2 }, false],
  [{ trait: "plan", atLeast: 0 }, false],
  [{ event: "page", atLeast: 3 }, true],
  [{ event: "page", atLeast: 4 }, false],
  [{ event: "page", atMost: 2 }, false],
  [{ event: "page", atLeast: 2, withinDays: 2 }, true],
  [{ event: "page", atLeast: 2, withinDays: 1 }, false],
  [{ event: "page", atMost: 1, withinDays: 1 }, true],
  [{ event: "Order Completed", atMost: 0 }, true],
  [{ event: "Order Completed", atLeast: 1 }, false],
])("the rule %j holds: %s", (rule, expected) => {
  expect(holds(rule, person, now)).toBe(expected);
});

test("an event called as what every object has is counted as any other", () => {
  const activity = { constructor: activityOf("2027-03-10T01:00:00.000Z") };
  expect(holds({ event: "constructor", atLeast: 1 }, aPerson({ activity }), now)).toBe(true);
});

test("what was done before does not count", () => {
  const before = countsOf(["page", "Order Completed"], person);
  expect(before).toEqual({ page: 3, "Order Completed": 0 });
  expect(holds({ event: "page", atLeast: 1 }, person, now, before)).toBe(false);
  expect(holds({ event: "page", atLeast: 1, withinDays: 30 }, person, now, before)).toBe(false);
  expect(holds({ event: "page", atLeast: 2 }, person, now, { page: 1 })).toBe(true);
});

test("an audience is those whom all of all and none of none hold for", () => {
  const gold = { trait: "plan", oneOf: ["gold"] };
  const silver = { trait: "plan", oneOf: ["silver"] };
  expect(isIn({ all: [] }, person, now)).toBe(true);
  expect(isIn({ all: [gold] }, person, now)).toBe(true);
  expect(isIn({ all: [gold, silver] }, person, now)).toBe(false);
  expect(isIn({ all: [gold], none: [silver] }, person, now)).toBe(true);
  expect(isIn({ all: [], none: [gold] }, person, now)).toBe(false);
});
