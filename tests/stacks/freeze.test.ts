import fc from "fast-check";
import { freezeProblems, openFreeze, type FreezeWindow } from "../../stacks/freeze.ts";
import { instantsOf, localTimeAt } from "../../services/contract/zoned-time.ts";

const weekend: FreezeWindow = {
  name: "weekend",
  timeZone: "Europe/Berlin",
  from: "Friday 16:00",
  to: "Monday 08:00",
};
const christmas: FreezeWindow = {
  name: "christmas",
  timeZone: "America/New_York",
  from: "2026-12-18 18:00",
  to: "2027-01-04 08:00",
};
const openAt = (window: FreezeWindow, instant: string): string | undefined =>
  openFreeze([window], new Date(instant))?.until.toISOString();

test.each([
  ["the last minute before it", "2026-11-20T14:59:00Z", undefined],
  ["its first minute", "2026-11-20T15:00:00Z", "2026-11-23T07:00:00.000Z"],
  ["Sunday", "2026-11-22T12:00:00Z", "2026-11-23T07:00:00.000Z"],
  ["its last second", "2026-11-23T06:59:59Z", "2026-11-23T07:00:00.000Z"],
  ["the first minute after it", "2026-11-23T07:00:00Z", undefined],
  ["its first minute in summer", "2026-07-10T14:00:00Z", "2026-07-13T06:00:00.000Z"],
  ["Saturday before clocks go forward", "2026-03-28T12:00:00Z", "2026-03-30T06:00:00.000Z"],
  ["Saturday before clocks go back", "2026-10-24T12:00:00Z", "2026-10-26T07:00:00.000Z"],
])("a weekly window at %s", (_when, instant, until) => {
  expect(openAt(weekend, instant)).toBe(until);
});

test.each([
  ["the last minute before it", "2026-12-18T22:59:00Z", undefined],
  ["its first minute", "2026-12-18T23:00:00Z", "2027-01-04T13:00:00.000Z"],
  ["the first minute after it", "2027-01-04T13:00:00Z", undefined],
])("a window that comes once, at %s", (_when, instant, until) => {
  expect(openAt(christmas, instant)).toBe(until);
});

test("a window from a time to the same time lasts a week", () => {
  const always = { ...weekend, from: "Monday 09:00", to: "Monday 09:00" };
  expect(openAt(always, "2026-11-23T07:59:00Z")).toBe("2026-11-23T08:00:00.000Z");
  expect(openAt(always, "2026-11-23T08:00:00Z")).toBe("2026-11-30T08:00:00.000Z");
});

test("a window that ends in the hour that comes twice ends with the second one", () => {
  const night = { ...weekend, from: "2026-10-25 01:00", to: "2026-10-25 02:30" };
  expect(openAt(night, "2026-10-25T00:45:00Z")).toBe("2026-10-25T01:30:00.000Z");
  expect(openAt(night, "2026-10-25T01:29:00Z")).toBe("2026-10-25T01:30:00.000Z");
});

test("a window between times that are skipped is open around the leap", () => {
  const night = { ...weekend, from: "2026-03-29 02:15", to: "2026-03-29 02:45" };
  expect(openAt(night, "2026-03-29T00:59:00Z")).toBe("2026-03-29T01:45:00.000Z");
});

test("of several open windows the one that closes last counts", () => {
  const open = openFreeze([weekend, christmas], new Date("2026-12-20T12:00:00Z"));
  expect(open?.window.name).toBe("christmas");
});

test("an instant is among those at which the clock shows its time, in every zone", () => {
  const zone = fc.constantFrom(...Intl.supportedValuesOf("timeZone"));
  const minute = fc.integer({ min: 0, max: 30 * 365 * 24 * 60 });
  fc.assert(
    fc.property(zone, minute, (timeZone, minutes) => {
      const instant = new Date(Date.UTC(2000, 0) + minutes * 60_000);
      const { earliest, latest } = instantsOf(localTimeAt(instant, timeZone), timeZone);
      expect([earliest.getTime(), latest.getTime()]).toContain(instant.getTime());
    }),
  );
});

test.each([
  ["never", 'must be a list, got "never"'],
  [[null], "[0] must have a name, got null"],
  [[{ ...weekend, timeZone: "Berlin" }], "must have an IANA time zone such as Europe/Berlin"],
  [[{ ...weekend, to: "2026-12-18 18:00" }], "must have from and to, both like"],
  [[{ ...christmas, from: "2026-02-30 18:00" }], "must have from and to, both like"],
  [[{ ...weekend, from: "Friday 24:00" }], "must have from and to, both like"],
  [[{ ...christmas, to: "2026-12-18 18:00" }], "must have a from that is before its to"],
])("fails on %j", (value, message) => {
  expect(freezeProblems(value).join("\n")).toContain(`marketing-stack:freezeWindows`);
  expect(freezeProblems(value).join("\n")).toContain(message);
});

test("windows of both forms will do", () => {
  expect(freezeProblems([weekend, christmas])).toEqual([]);
});
