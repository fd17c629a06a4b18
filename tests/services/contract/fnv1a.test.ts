import fc from "fast-check";

import { fnv1a, fnv1aOfNumber } from "../../../services/contract/fnv1a.ts";

// From the authors of the hash.
test.each([
  ["", 0x811c9dc5],
  ["a", 0xe40c292c],
  ["foobar", 0xbf9cf968],
])("the hash of %j is %i", (text, hash) => {
  expect(fnv1a(text)).toBe(hash);
});

test("a hash goes on where another ended", () => {
  fc.assert(
    fc.property(fc.string(), fc.string(), (a, b) => {
      expect(fnv1a(b, fnv1a(a))).toBe(fnv1a(a + b));
    }),
  );
});

test("the hash of a number is that of its decimal", () => {
  fc.assert(
    fc.property(fc.integer({ min: 0, max: 0xffffffff }), (number) => {
      expect(fnv1aOfNumber(number)).toBe(fnv1a(String(number)));
    }),
    { examples: [[0], [9], [10], [0x7fffffff], [0xffffffff]] },
  );
});
