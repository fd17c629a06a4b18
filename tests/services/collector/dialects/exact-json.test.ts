import fc from "fast-check";

import { exactJson } from "../../../../services/collector/dialects/exact-json.ts";

const read = (json: string): unknown => exactJson(Buffer.from(json));

test.each<[string, unknown]>([
  ["7346244611012968789", "7346244611012968789"],
  ["-7346244611012968789", "-7346244611012968789"],
  ['{"mpid":7346244611012968789,"a":1}', { mpid: "7346244611012968789", a: 1 }],
  ["[ 9007199254740991 , 9007199254740992 ]", [9007199254740991, "9007199254740992"]],
  ['["1234567890123456789,1234567890123456789"]', ["1234567890123456789,1234567890123456789"]],
  ['{"1234567890123456789":1234567890123456789}', { "1234567890123456789": "1234567890123456789" }],
  ["[0.1234567890123456,1e20,9007199254740992.5]", [0.1234567890123456, 1e20, 9007199254740992]],
  ["[1e400]", [Infinity]],
  [`${"[".repeat(20_000)}1234567890123456789${"]".repeat(20_000)}`, expect.anything()],
])("%s is %j", (json, value) => {
  expect(read(json)).toEqual(value);
});

test("integers of any length and at any place keep their digits, and all else is what it is for JSON.parse", () => {
  const integer = fc.bigInt({ min: -(10n ** 25n), max: 10n ** 25n });
  const json = fc.json().filter((one) => !/(?<![.\d])\d{16}/.test(one));
  fc.assert(
    fc.property(json, fc.array(integer), json, (first, integers, last) => {
      const exact = integers.map((one) =>
        Number.isSafeInteger(Number(one)) ? Number(one) : String(one),
      );
      const other = [first, last].map((one) => JSON.parse(one));
      expect(read(`[${[first, ...integers, last].join(",")}]`)).toEqual([
        other[0],
        ...exact,
        other[1],
      ]);
    }),
  );
});

test.each(["01234567890123456789", "{1234567890123456789:1}", "[1234567890123456789"])(
  "fails on %s, which is no JSON",
  (json) => {
    expect(() => read(json)).toThrow(SyntaxError);
  },
);
