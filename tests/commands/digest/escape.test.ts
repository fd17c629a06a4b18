import fc from "fast-check";
import { code, codeBlock, codeCell } from "../../../commands/digest/escape.ts";
import { anyText } from "./digests.ts";

test.each([
  ["a name", "`a name`"],
  ["@everyone", "`@everyone`"],
  ["", "`  `"],
  ["`code`", "`` `code` ``"],
  ["a``b", "```a``b```"],
  ["a\nb", "`a b`"],
  ["safe\u202egpj.exe", "`safe\\u{202e}gpj.exe`"],
])("%j is the inline code %j", (text, written) => {
  expect(code(text)).toBe(written);
});

test("inline code is one line that nothing inside it ends", () => {
  fc.assert(
    fc.property(anyText, (text) => {
      const [, fence = "", inner = ""] = /^(`+)(.*)\1$/su.exec(code(text))!;
      expect(inner).not.toMatch(/[\n\r\p{Cc}\p{Cf}]/u);
      expect(inner.match(/`+/g) ?? []).not.toContain(fence);
    }),
  );
});

test("a bar in a cell ends no cell", () => {
  expect(codeCell("a|b")).toBe("`a\\|b`");
});

test("a block of code ends only with its own fence", () => {
  fc.assert(
    fc.property(fc.array(anyText, { maxLength: 6 }), (lines) => {
      const written = codeBlock(lines.join("\n")).split("\n");
      const fence = written.at(-1)!;
      expect(fence).toMatch(/^`{3,}$/);
      expect(written[0]).toBe(`${fence}text`);
      expect(written.slice(1, -1).filter((line) => line.includes(fence))).toEqual([]);
    }),
  );
});
