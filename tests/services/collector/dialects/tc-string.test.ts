import { TCString } from "@iabtcf/core";
import fc from "fast-check";

import { consentedByTcString } from "../../../../services/collector/dialects/tc-string.ts";
import { tcStringOf } from "./tc-string-of.ts";

const needed = {
  analytics: [1, 8, 9],
  personalization: [1, 5, 6],
  advertising: [1, 2, 3, 4, 7],
};

test("consents as the framework's own library reads them", () => {
  fc.assert(
    fc.property(fc.uniqueArray(fc.integer({ min: 1, max: 11 })), (purposes) => {
      const tcString = tcStringOf(purposes);
      const { purposeConsents } = TCString.decode(tcString);
      const expected = Object.entries(needed)
        .filter(([, all]) => all.every((purpose) => purposeConsents.has(purpose)))
        .map(([purpose]) => purpose);
      expect([...consentedByTcString(tcString)]).toEqual(expected);
    }),
  );
});

test.each([
  ["the version before", tcStringOf([1, 8, 9]).replace(/^C/, "B")],
  ["half a string", tcStringOf([1, 8, 9]).slice(0, 34)],
  ["no letters of it", `${tcStringOf([1, 8, 9])}!`],
  ["nothing", ""],
  ["a number", 7],
  ["null", null],
  ["megabytes", "C".repeat(1_000_000)],
])("%s consents to nothing", (_, tcString) => {
  expect([...consentedByTcString(tcString)]).toEqual([]);
});
