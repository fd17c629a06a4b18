import fc from "fast-check";
import { shortened, type Section } from "../../../commands/digest/shorten.ts";

const line = fc.string({ maxLength: 60 }).map((text) => text.replaceAll("\n", " "));
const section: fc.Arbitrary<Section> = fc.record({
  head: fc.array(line, { maxLength: 2 }),
  entries: fc.array(line, { maxLength: 30 }),
  foot: fc.array(line, { maxLength: 2 }),
  noun: fc.constant("things"),
});

test("what is shown and what is counted as left out are all entries, in order", () => {
  fc.assert(
    fc.property(fc.array(section, { maxLength: 5 }), fc.nat(4000), (sections, limit) => {
      const shown = shortened(sections, limit);
      sections.forEach(({ head, entries, foot }, index) => {
        const lines = shown[index]!;
        const inner = lines.slice(head.length, lines.length - foot.length);
        const more = /^… and (\d+) more things, all in digest\.json\.$/.exec(inner.at(-1) ?? "");
        const kept = more ? inner.slice(0, -2) : inner;
        expect(kept).toEqual(entries.slice(0, kept.length));
        expect(kept.length + Number(more?.[1] ?? 0)).toBe(entries.length);
      });
    }),
  );
});

test("the lines keep to the limit where the heads and feet leave room", () => {
  fc.assert(
    fc.property(
      fc.array(section, { maxLength: 5 }),
      fc.integer({ min: 1500, max: 5000 }),
      (sections, limit) => {
        expect(shortened(sections, limit).flat().join("\n").length).toBeLessThanOrEqual(limit);
      },
    ),
  );
});

test("an earlier section keeps its entries before a later one", () => {
  const of = (noun: string): Section => ({
    head: [],
    entries: Array(10).fill("x".repeat(9)),
    foot: [],
    noun,
  });
  expect(shortened([of("first"), of("second")], 310)).toEqual([
    Array(10).fill("x".repeat(9)),
    [...Array(5).fill("x".repeat(9)), "", "… and 5 more second, all in digest.json."],
  ]);
});
