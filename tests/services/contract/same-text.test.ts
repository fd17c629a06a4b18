import fc from "fast-check";
import { isSameText } from "../../../services/contract/same-text.ts";

test("a text is the same as itself, and as no other", () => {
  fc.assert(
    fc.property(fc.string(), fc.string(), (one, other) => {
      expect(isSameText(one, one)).toBe(true);
      expect(isSameText(one, other)).toBe(one === other);
      expect(isSameText(one, `${one}${other}`)).toBe(other === "");
    }),
  );
});
