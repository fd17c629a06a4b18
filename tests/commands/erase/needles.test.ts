import fc from "fast-check";
import { needlesOf } from "../../../commands/erase/needles.ts";

const isFound = (id: string, text: string): boolean =>
  needlesOf(id).some((needle) => Buffer.from(text).includes(needle));
const base64 = (text: string): string => Buffer.from(text).toString("base64");

test.each([
  ["text", "jörg@example.com", '{"userId":"jörg@example.com",'],
  ["Python's JSON", "jörg@example.com", '{"distinct_id": "j\\u00f6rg@example.com",'],
  ["JSON of .NET", "jörg@example.com", '{"distinct_id":"j\\u00F6rg@example.com",'],
  ["two halves of a character", "id-😀-1", '{"id": "id-\\ud83d\\ude00-1",'],
  ["PHP's JSON", "crm/4711/jörg", '{"userId":"crm\\/4711\\/j\\u00f6rg",'],
  ["a form of a browser", "Ada Lovelace 1815", "uid=Ada+Lovelace+1815&e=x"],
  ["an address", "jörg@example.com", "?uid=j%C3%B6rg@example.com&e=x"],
  ["a form in small letters", "jörg@example.com", "uid=j%c3%b6rg%40example.com&e=x"],
  ["a form of PHP", "o'brien (1)", "uid=o%27brien+%281%29&e=x"],
  ["JSON in a form", "jörg@example.com", encodeURIComponent('{"id": "j\\u00f6rg@example.com"}')],
  ["JSON in base64", "jörg@example.com", base64('{"id": "j\\u00f6rg@example.com"}')],
  ["a short number", "12345", '{"user_id": 12345,'],
  ["a short number at the end", "123", '{"a":{"id":123}'],
  ["a short one in a form", "ab/c", `data=${encodeURIComponent('{"id":"ab\\/c"')}`],
])("an id is found in %s", (_, id, text) => {
  expect(isFound(id, text)).toBe(true);
});

test.each([
  ["in a longer number", "123", '{"id":1234,"at":99123,'],
  ["among numbers", "123", '{"at":[1, 123, 5]'],
  ["in a decimal", "123", '{"price":123.5,'],
  ["in a longer text", "123", '{"id":"1234"'],
  ["as a number with a zero", "0123", '{"id":123,'],
])("a short id is not found %s", (_, id, text) => {
  expect(isFound(id, text)).toBe(false);
});

test("any id is found in base64 of JSON at each place, in both alphabets, and in a form", () => {
  const id = fc
    .string({ unit: "grapheme", minLength: 6, maxLength: 12 })
    .filter((one) => one.isWellFormed());
  fc.assert(
    fc.property(id, fc.constantFrom("", "x", "xy"), (one, before) => {
      const bytes = Buffer.from(`${before}{"u":${JSON.stringify(one)}}`);
      const sent = bytes.toString("base64");
      for (const text of [sent, bytes.toString("base64url"), encodeURIComponent(sent)]) {
        expect(isFound(one, text)).toBe(true);
      }
    }),
  );
});

test("an address of mail of plain letters costs no more than before", () => {
  expect(needlesOf("ada@example.com")).toHaveLength(5);
});
