import fc from "fast-check";
import { localTimeAt } from "../../../../services/contract/zoned-time.ts";
import {
  afterQuietHours,
  endOfWait,
  nextDay,
} from "../../../../services/worker/journeys/clocks.ts";

// Clocks go from 02:00 to 03:00 on 28 March 2027, and from 03:00 to 02:00 on 31 October 2027.
const ZONE = "Europe/Madrid";
const at = (text: string): Date => new Date(text);

test.each([
  ["hours", { hours: 3 }, "2027-03-01T10:00:30Z", "2027-03-01T13:00:30.000Z"],
  ["a day", { days: 1 }, "2027-03-01T10:00:30Z", "2027-03-02T10:00:30.000Z"],
  ["a day and hours", { days: 1, hours: 2 }, "2027-03-01T10:00Z", "2027-03-02T12:00:00.000Z"],
  ["days to a time", { days: 3, at: "09:00" }, "2027-03-01T18:00Z", "2027-03-04T08:00:00.000Z"],
  ["a time still to come", { at: "12:00" }, "2027-03-01T10:00Z", "2027-03-01T11:00:00.000Z"],
  ["a time that is over", { at: "09:00" }, "2027-03-01T10:00Z", "2027-03-02T08:00:00.000Z"],
  ["hours to a time", { hours: 5, at: "09:00" }, "2027-03-01T10:00Z", "2027-03-02T08:00:00.000Z"],
  ["a day of 23 hours", { days: 1 }, "2027-03-27T11:00Z", "2027-03-28T10:00:00.000Z"],
  ["a day of 25 hours", { days: 1 }, "2027-10-30T10:00Z", "2027-10-31T11:00:00.000Z"],
  ["hours of a short night", { hours: 4 }, "2027-03-28T00:00Z", "2027-03-28T04:00:00.000Z"],
  [
    "to a time that is skipped",
    { days: 1, at: "02:30" },
    "2027-03-27T11:00Z",
    "2027-03-28T01:00:00.000Z",
  ],
  [
    "to a time that comes twice",
    { days: 1, at: "02:30" },
    "2027-10-30T10:00Z",
    "2027-10-31T00:30:00.000Z",
  ],
  [
    "once past the first of two",
    { at: "02:30" },
    "2027-10-31T00:30:00.001Z",
    "2027-11-01T01:30:00.000Z",
  ],
])("a wait is over: %s", (_what, wait, since, expected) => {
  expect(endOfWait(wait, at(since), ZONE).toISOString()).toBe(expected);
});

test("a wait is never over before it began, and clocks show its time then", () => {
  const zones = fc.constantFrom(ZONE, "America/New_York", "Australia/Lord_Howe", "Asia/Kathmandu");
  const moments = fc.date({
    min: at("2026-01-01T00:00Z"),
    max: at("2028-01-01T00:00Z"),
    noInvalidDate: true,
  });
  fc.assert(
    fc.property(zones, moments, fc.integer({ min: 0, max: 5 }), (timeZone, since, days) => {
      const wait = { ...(days > 0 && { days }), at: "09:00" };
      const end = endOfWait(wait, since, timeZone);
      expect(end.getTime()).toBeGreaterThanOrEqual(since.getTime());
      expect(localTimeAt(end, timeZone).time).toBe("09:00");
      expect(end.getTime() - since.getTime()).toBeLessThanOrEqual((days + 1) * 25 * 3_600_000);
    }),
  );
});

test.each([
  ["by day", { from: "21:00", to: "08:00" }, "2027-03-01T12:00Z", "2027-03-01T12:00:00.000Z"],
  [
    "in the evening",
    { from: "21:00", to: "08:00" },
    "2027-03-01T20:00Z",
    "2027-03-02T07:00:00.000Z",
  ],
  [
    "in the morning",
    { from: "21:00", to: "08:00" },
    "2027-03-01T06:59Z",
    "2027-03-01T07:00:00.000Z",
  ],
  ["at their end", { from: "21:00", to: "08:00" }, "2027-03-01T07:00Z", "2027-03-01T07:00:00.000Z"],
  ["within a day", { from: "13:00", to: "15:00" }, "2027-03-01T12:30Z", "2027-03-01T14:00:00.000Z"],
  [
    "into a short night",
    { from: "21:00", to: "08:00" },
    "2027-03-27T21:00Z",
    "2027-03-28T06:00:00.000Z",
  ],
  [
    "to a skipped time",
    { from: "21:00", to: "02:30" },
    "2027-03-27T21:00Z",
    "2027-03-28T01:00:00.000Z",
  ],
  [
    "to a time that comes twice",
    { from: "21:00", to: "02:30" },
    "2027-10-31T00:00Z",
    "2027-10-31T00:30:00.000Z",
  ],
  [
    "in its second time",
    { from: "21:00", to: "02:30" },
    "2027-10-31T01:10Z",
    "2027-10-31T01:30:00.000Z",
  ],
])("what is due in quiet hours waits for their end: %s", (_what, quiet, now, expected) => {
  expect(afterQuietHours(quiet, ZONE, at(now)).toISOString()).toBe(expected);
});

// Where clocks are put back by an hour, by two and by half an hour.
test.each([ZONE, "Antarctica/Troll", "Australia/Lord_Howe"])(
  "after quiet hours it is not quiet, in any night of a year: %s",
  (timeZone) => {
    const quiet = { from: "22:00", to: "02:30" };
    const clock = (instant: Date): string => localTimeAt(instant, timeZone).time;
    for (let now = at("2027-01-01T00:00Z"); now < at("2028-01-01T00:00Z");) {
      const end = afterQuietHours(quiet, timeZone, now);
      const isQuiet = clock(end) >= quiet.from || clock(end) < quiet.to;
      expect([end.toISOString(), isQuiet]).toEqual([end.toISOString(), false]);
      now = new Date(now.getTime() + 61 * 60_000);
    }
  },
);

test("a day is that of the time zone", () => {
  expect(nextDay(ZONE, at("2027-03-27T22:59:59Z")).toISOString()).toBe("2027-03-27T23:00:00.000Z");
  expect(nextDay(ZONE, at("2027-03-27T23:00:00Z")).toISOString()).toBe("2027-03-28T22:00:00.000Z");
});
