import fc from "fast-check";
import { healthScore } from "../../../../services/worker/connectors/health-score.ts";

const now = new Date("2027-03-31T12:00:00Z");

/** Somebody who did something on each of so many days, the last one `ago` days before. */
function active(days: number, ago = 0) {
  const day = (before: number) => new Date(now.getTime() - before * 24 * 3_600_000).toISOString();
  const counts = Array.from({ length: days }, (_, i) => [day(ago + i).slice(0, 10), 1] as const);
  const activity = { count: days, firstAt: day(ago + days), lastAt: day(ago) };
  return { activity: { page: { ...activity, days: Object.fromEntries(counts) } } };
}

test.each([
  ["somebody who comes every day", active(30), 100],
  ["somebody who came ten days in a row until now", active(10), 100],
  ["somebody who is here for the first time", active(1), 55],
  ["somebody who was here once, two weeks ago", active(1, 14), 30],
  ["somebody who was here often, a year ago", active(100, 365), 0],
  ["somebody of whom nothing is known", { activity: {} }, 0],
])("%s", (_who, person, score) => {
  expect(healthScore(person, now)).toBe(score);
});

test("is from 0 to 100 and never rises while nothing is done", () => {
  fc.assert(
    fc.property(fc.integer({ min: 1, max: 60 }), fc.nat(400), fc.nat(400), (days, ago, later) => {
      const person = active(days, ago);
      const before = healthScore(person, now);
      const after = healthScore(person, new Date(now.getTime() + later * 24 * 3_600_000));
      expect(after).toBeLessThanOrEqual(before);
      expect(after).toBeGreaterThanOrEqual(0);
      expect(before).toBeLessThanOrEqual(100);
    }),
  );
});
