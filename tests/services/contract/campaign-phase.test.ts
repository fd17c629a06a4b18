import fc from "fast-check";
import { phaseAt, spanOf } from "../../../services/contract/campaign-phase.ts";
import { localTimeAt } from "../../../services/contract/zoned-time.ts";

const MINUTE = 60_000;
const zones = [
  "Europe/Madrid",
  "America/New_York",
  "Australia/Lord_Howe",
  "America/Santiago",
  "Asia/Kolkata",
  "Pacific/Chatham",
  "UTC",
];
/** Nights in which clocks somewhere are put forward or back, and a quiet one. */
const nights = ["2027-03-14", "2027-03-28", "2027-10-31", "2027-11-07", "2027-04-04", "2027-09-05"];

const clock = (instant: Date, timeZone: string): string => {
  const { date, time } = localTimeAt(instant, timeZone);
  return `${date} ${time}`;
};
const edge = fc.record({
  night: fc.constantFrom(...nights),
  hour: fc.integer({ min: 0, max: 5 }),
  minute: fc.integer({ min: 0, max: 59 }),
});
const text = ({ night, hour, minute }: { night: string; hour: number; minute: number }): string =>
  `${night} ${String(hour).padStart(2, "0")}:${String(minute).padStart(2, "0")}`;

test("a window opens as clocks first show its beginning, and closes when they show its end for good, whatever the night", () => {
  fc.assert(
    fc.property(fc.constantFrom(...zones), edge, edge, (timeZone, one, other) => {
      const [from, to] = [text(one), text(other)].sort() as [string, string];
      fc.pre(from < to);
      const { opensAt, closesAt } = spanOf({ timeZone, from, to });
      const at = (instant: Date, minutes: number): string =>
        clock(new Date(instant.getTime() + minutes * MINUTE), timeZone);
      expect(at(opensAt, 0) >= from).toBe(true);
      expect(at(opensAt, -1) < from).toBe(true);
      expect(at(closesAt, 0) >= to).toBe(true);
      // A window whose ends are both skipped is empty.
      if (closesAt > opensAt) expect(at(closesAt, -1) < to).toBe(true);
      for (let minutes = 0; minutes < 180; minutes += 7) {
        expect(at(closesAt, minutes) >= to).toBe(true);
        expect(at(opensAt, -1 - minutes) < from).toBe(true);
      }
    }),
    { seed: 8, numRuns: 1000 },
  );
});

test.each([
  ["an ordinary night", "2027-03-20 09:00", "2027-03-20T08:00:00.000Z"],
  ["a time that is skipped", "2027-03-28 02:30", "2027-03-28T01:00:00.000Z"],
  ["a time that comes twice", "2027-10-31 02:30", "2027-10-31T00:30:00.000Z"],
])("a window opens at %s", (_night, from, instant) => {
  const { opensAt } = spanOf({ timeZone: "Europe/Madrid", from, to: "2028-01-01 00:00" });
  expect(opensAt.toISOString()).toBe(instant);
});

test("a window that ends in the hour that comes twice ends with the second one", () => {
  const window = { timeZone: "Europe/Madrid", from: "2027-10-01 00:00", to: "2027-10-31 02:30" };
  expect(spanOf(window).closesAt.toISOString()).toBe("2027-10-31T01:30:00.000Z");
});

test("a campaign goes from phase to phase in one order, whatever is held", () => {
  const span = spanOf({ timeZone: "UTC", from: "2027-01-01 00:00", to: "2027-02-01 00:00" });
  const phases = (hold?: "paused" | "stopped"): string[] =>
    [
      "2026-12-31T23:59:59Z",
      "2027-01-01T00:00:00Z",
      "2027-01-31T23:59:59Z",
      "2027-02-01T00:00:00Z",
    ].map((instant) => phaseAt(span, hold, new Date(instant)));
  expect(phases()).toEqual(["scheduled", "live", "live", "ended"]);
  expect(phases("paused")).toEqual(["paused", "paused", "paused", "ended"]);
  expect(phases("stopped")).toEqual(["stopped", "stopped", "stopped", "ended"]);
});
