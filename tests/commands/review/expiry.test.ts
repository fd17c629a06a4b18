import { expiryAfter, parseExpiry } from "../../../commands/review/expiry.ts";

const now = new Date("2026-11-23T12:00:00.000Z");

test.each([
  ["1", "2026-11-23T13:00:00.000Z"],
  ["24", "2026-11-24T12:00:00.000Z"],
  ["720", "2026-12-23T12:00:00.000Z"],
])("after %s hours", (hours, expected) => {
  expect(expiryAfter(hours, now)).toEqual(new Date(expected));
});

test.each(["0", "721", "-1", "1.5", "", "01", "1e2", "two"])("fails on %j hours", (hours) => {
  expect(() => expiryAfter(hours, now)).toThrow(
    `--hours must be a whole number from 1 to 720, got ${JSON.stringify(hours)}`,
  );
});

test("a tag is read back as the moment that was written", () => {
  expect(parseExpiry(now.toISOString())).toEqual(now);
});

test.each([undefined, "", "soon"])("a tag of %j is no moment", (tag) => {
  expect(parseExpiry(tag)).toBeUndefined();
});
