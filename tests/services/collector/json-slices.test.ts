import fc from "fast-check";

import { elementSlices } from "../../../services/collector/json-slices.ts";

const spaced = (value: unknown, space: string): string => JSON.stringify(value, null, space);

test("each slice is the text of its element", () => {
  const object = fc.record({
    before: fc.jsonValue(),
    batch: fc.array(fc.jsonValue()),
    after: fc.jsonValue(),
  });
  fc.assert(
    fc.property(object, fc.constantFrom("", " ", "\t", "\n  "), (value, space) => {
      const text = Buffer.from(spaced(value, space));
      const slices = elementSlices(text, "batch").map((slice) => JSON.parse(slice.toString()));
      expect(slices).toEqual(JSON.parse(text.toString()).batch);
    }),
  );
});

test.each([
  ['{"batch":[1],"batch":[2, 3 ]}', ["2", "3"]],
  ['{"\\u0062atch":[ {"a":"]}\\""} ]}', ['{"a":"]}\\""}']],
  ['{"inner":{"batch":[1]},"batch":[]}', []],
  [' { "batch" : [ -1e5 ,true,null ] } ', ["-1e5", "true", "null"]],
])("%s has the slices %j", (text, slices) => {
  expect(elementSlices(Buffer.from(text), "batch").map(String)).toEqual(slices);
});
