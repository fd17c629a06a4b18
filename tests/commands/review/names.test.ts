import fc from "fast-check";
import { reviewStack, suggestedName } from "../../../commands/review/names.ts";
import { programName } from "../../../stacks/names.ts";

test.each(["a", "pr-12", "9", "a".repeat(33)])("a review may be called %s", (name) => {
  expect(reviewStack(name)).toBe(`review-${name}`);
});

test("whatever is accepted is a stack that runs dev's program, and a DNS label", () => {
  fc.assert(
    fc.property(fc.string({ unit: fc.constantFrom(..."ab09-"), maxLength: 40 }), (name) => {
      let stack: string;
      try {
        stack = reviewStack(name);
      } catch {
        return;
      }
      expect(programName(stack)).toBe("dev");
      expect(stack).toMatch(/^[a-z0-9]([a-z0-9-]{0,61}[a-z0-9])?$/);
    }),
  );
});

test.each([
  ["feature/Spring Sale", "feature-spring-sale"],
  ["Größe_ändern!", "gro-e-andern"],
  ["--x--", "x"],
  [`${"a".repeat(32)}-b`, "a".repeat(32)],
])("fails on %s and says what would do", (name, suggestion) => {
  expect(() => reviewStack(name)).toThrow(
    `NAME must be 1-33 characters of [a-z0-9-] and start and end with a letter or digit, got ${JSON.stringify(name)}; take ${suggestion}`,
  );
});

test.each(["", "///", "日本"])("fails on %j without a suggestion", (name) => {
  expect(() => reviewStack(name)).toThrow(/got ".*"$/);
});

test("what is suggested is accepted", () => {
  fc.assert(
    fc.property(fc.string({ unit: "grapheme", maxLength: 80 }), (text) => {
      const name = suggestedName(text);
      if (name !== undefined) expect(reviewStack(name)).toBe(`review-${name}`);
    }),
  );
});
