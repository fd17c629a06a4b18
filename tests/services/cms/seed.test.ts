import { seedEntries } from "../../../services/cms/src/seed/entries.ts";
import { locales } from "../../../services/cms/src/seed/locales.ts";
import { componentOf, contentTypes, type Attribute } from "./content-types.ts";

const types = contentTypes();
const named = seedEntries.map((entry) => [Object.values(entry.key).join(" "), entry] as const);

test("a new stack has a home page, two variants of a sale, a welcome letter and a draft", () => {
  expect(named.map(([name, { uid, status }]) => [uid, name, status])).toEqual([
    ["api::page.page", "home", "published"],
    ["api::page.page", "olive-oil-club", "draft"],
    ["api::landing-page.landing-page", "spring-sale a", "published"],
    ["api::landing-page.landing-page", "spring-sale b", "published"],
    ["api::email-template.email-template", "welcome", "published"],
  ]);
});

test.each(named)("%s is written in every language, with the same attributes", (_, entry) => {
  expect(Object.keys(entry.localized).sort()).toEqual(Object.keys(locales).sort());
  const { en, es } = entry.localized;
  expect(Object.keys(es)).toEqual(Object.keys(en));
  for (const [name, text] of Object.entries(en)) {
    if (typeof text === "string" && !text.startsWith("/")) expect(es[name]).not.toBe(text);
  }
});

test.each(named)("%s fits its content type in every language", (_, entry) => {
  const { attributes } = types.get(entry.uid)!;
  for (const texts of Object.values(entry.localized)) {
    expect(misfits({ ...entry.key, ...entry.shared, ...texts }, attributes)).toEqual([]);
  }
});

test.each(named)(
  "%s has the same value in all languages exactly where its type says so",
  (_, entry) => {
    const { attributes } = types.get(entry.uid)!;
    for (const name of Object.keys(entry.shared)) {
      expect([name, attributes[name]?.pluginOptions?.i18n?.localized]).toEqual([name, false]);
    }
    for (const name of Object.keys(entry.localized.en)) {
      expect([name, attributes[name]?.pluginOptions?.i18n?.localized]).toEqual([name, true]);
    }
  },
);

/** What of `values` the attributes do not allow. */
function misfits(
  values: Readonly<Record<string, unknown>>,
  attributes: Readonly<Record<string, Attribute>>,
): string[] {
  const unknown = Object.keys(values).filter((name) => !(name in attributes));
  const broken = Object.entries(attributes).flatMap(([name, attribute]) => {
    const value = values[name];
    if (value === undefined) return attribute.required ? [`${name} is missing`] : [];
    if (attribute.component) {
      return misfits(value as Record<string, unknown>, componentOf(attribute.component));
    }
    if (typeof value !== "string")
      return attribute.type === "boolean" ? [] : [`${name} is no text`];
    const tooLong = value.length > (attribute.maxLength ?? Infinity);
    const malformed = attribute.regex && !new RegExp(attribute.regex).test(value);
    return tooLong || malformed ? [`${name}: ${value}`] : [];
  });
  return [...unknown.map((name) => `${name} is unknown`), ...broken];
}
