import fc from "fast-check";

import { erasedText, mentions } from "../../../services/collector/erased-text.ts";

const salt = Buffer.from("0123456789abcdef");

test("a text is found exactly where it is", () => {
  const small = fc.uint8Array({ minLength: 1, maxLength: 4, max: 3 });
  fc.assert(
    fc.property(
      fc.array(small, { minLength: 1, maxLength: 3 }),
      fc.uint8Array({ maxLength: 60, max: 3 }),
      (texts, bytes) => {
        const marks = texts.map((text) => erasedText(Buffer.from(text), salt));
        const isThere = texts.some((text) => Buffer.from(bytes).includes(Buffer.from(text)));
        expect(mentions(Buffer.from(bytes), marks, salt)).toBe(isThere);
      },
    ),
    { numRuns: 1_000 },
  );
});

test("another salt makes another digest and another hash", () => {
  const [one, other] = [salt, Buffer.from("fedcba9876543210")].map((each) =>
    erasedText(Buffer.from("ada@example.com"), each),
  );
  expect(one!.digest).not.toBe(other!.digest);
  expect(one!.hash).not.toBe(other!.hash);
});
