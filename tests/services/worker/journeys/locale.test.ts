import { localeOf } from "../../../../services/worker/journeys/locale.ts";

test.each([
  ["de", ["en", "de"], "de"],
  ["en-GB", ["en", "en-GB"], "en-GB"],
  ["en-US", ["en-GB", "en"], "en"],
  ["de_DE", ["en", "de"], "de"],
  ["en_GB", ["en", "en-GB"], "en-GB"],
  ["zh-Hant-TW", ["zh", "zh-Hant"], "zh-Hant"],
  ["en", ["de", "en-GB"], "de"],
  ["deu", ["en", "de"], "en"],
  ["", ["en", "de"], "en"],
])("who has the locale %j is spoken to, of %j, in %s", (locale, locales, expected) => {
  expect(localeOf({ locales }, { traits: { locale } })).toBe(expected);
});

test("who has a language and no locale is spoken to in that, and who has neither in the first", () => {
  const locales = ["en", "de"];
  expect(localeOf({ locales }, { traits: { language: "de-AT" } })).toBe("de");
  expect(localeOf({ locales }, { traits: {} })).toBe("en");
});
