import fc from "fast-check";
import { digestOfInputs } from "../../../commands/digest/values.ts";

const MARK = "4dabf18193072939515e22adb298388d";
const secret = (fields: object): object => ({
  [MARK]: "1b47061264138c4ac30d75fd1eb44270",
  ...fields,
});

test("nothing of a secret goes into the digest, however it is written", () => {
  fc.assert(
    fc.property(fc.jsonValue(), fc.string(), (value, text) => {
      const masked = digestOfInputs({ data: { key: secret({ ciphertext: "[secret]" }) } });
      expect(digestOfInputs({ data: { key: secret({ value }) } })).toBe(masked);
      expect(digestOfInputs({ data: { key: secret({ plaintext: text }) } })).toBe(masked);
    }),
  );
});

test("a plain value that takes a secret's place is another digest", () => {
  expect(digestOfInputs({ key: "[secret]" })).not.toBe(digestOfInputs({ key: secret({}) }));
});

test("the order of keys does not count, that of a list does", () => {
  expect(digestOfInputs({ a: 1, b: [1, 2] })).toBe(digestOfInputs({ b: [1, 2], a: 1 }));
  expect(digestOfInputs({ b: [1, 2] })).not.toBe(digestOfInputs({ b: [2, 1] }));
});
