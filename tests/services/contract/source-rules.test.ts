import { dialects } from "../../../services/collector/dialects/all.ts";
import { decisionDialects } from "../../../services/collector/flags/all.ts";
import {
  DIALECTS,
  retentionDaysOf,
  sourceRulesProblems,
} from "../../../services/contract/source-rules.ts";

const problems = (rules: unknown): string[] => sourceRulesProblems("rules", rules, ["web", "app"]);

test("the protocols are those that the collector speaks", () => {
  const spoken = [...dialects, ...decisionDialects(undefined as never)].map(({ name }) => name);
  expect([...DIALECTS].sort()).toEqual(spoken.sort());
});

test("rules that say all there is, and none, are good", () => {
  const origins = ["https://shop.example", "http://localhost:3000"];
  expect(
    problems({ web: { origins, dialects: ["segment"], eventsPerSecond: 100, retentionDays: 400 } }),
  ).toEqual([]);
  expect(problems({ web: {} })).toEqual([]);
  expect(problems({})).toEqual([]);
});

test("days of retention are those of the sources that have some", () => {
  expect(retentionDaysOf({ web: { retentionDays: 400 }, app: { eventsPerSecond: 1 } })).toEqual({
    web: 400,
  });
});

test.each<[unknown, string]>([
  [[], "rules must hold rules by the names of sources, got []"],
  [{ shop: {} }, 'rules must name sources, got "shop"; known are web, app'],
  [{ web: 7 }, "rules.web must be an object, got 7"],
  [{ web: { origin: [] } }, "rules.web must have no field but origins, dialects, eventsPerSecond"],
  [{ web: { origins: [] } }, "rules.web.origins must be a list of 1 to 100"],
  [{ web: { origins: ["https://shop.example/"] } }, "origins of web pages"],
  [{ web: { origins: ["https://Shop.example"] } }, "origins of web pages"],
  [{ web: { origins: ["https://shop.example:443"] } }, "origins of web pages"],
  [{ web: { origins: ["shop.example"] } }, "origins of web pages"],
  [{ web: { dialects: ["segmnt"] } }, "of segment, rudderstack, "],
  [
    { web: { retentionDays: 0.5 } },
    "retentionDays must be a whole number from 1 to 36500, got 0.5",
  ],
  [{ web: { eventsPerSecond: 0 } }, "must be a whole number from 1 to 1000000, got 0"],
  [{ web: { eventsPerSecond: "9" } }, 'must be a whole number from 1 to 1000000, got "9"'],
])("fails on %j: %s", (rules, message) => {
  expect(problems(rules)).toEqual([expect.stringContaining(message)]);
});
