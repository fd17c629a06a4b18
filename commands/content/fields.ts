import { canonicalJson } from "../../stacks/canonical-json.ts";
import { contentTypes, type ContentType } from "./content-types.ts";

/** What an editor wrote in one locale of an entry, by field; a field that is empty is not there. */
export type Fields = Readonly<Record<string, unknown>>;

/** What the CMS adds to an entry by itself: it differs from one environment to the next. */
const ownOfTheCms = [
  "id",
  "documentId",
  "locale",
  "localizations",
  "createdAt",
  "updatedAt",
  "publishedAt",
  "createdBy",
  "updatedBy",
];

/** The fields of an entry that the CMS's REST API answered. */
export function fieldsOf(answered: Readonly<Record<string, unknown>>): Fields {
  return Object.fromEntries(
    Object.entries(answered)
      .filter(([name, value]) => !ownOfTheCms.includes(name) && value !== null)
      .map(([name, value]) => [name, withoutIds(value)]),
  );
}

/** Components have ids of their own. */
function withoutIds(value: unknown): unknown {
  if (Array.isArray(value)) return value.map(withoutIds);
  if (typeof value !== "object" || value === null) return value;
  return Object.fromEntries(
    Object.entries(value)
      .filter(([name, part]) => name !== "id" && part !== null)
      .map(([name, part]) => [name, withoutIds(part)]),
  );
}

/** Whether two values, or entries, are the same. */
export function isSame(a: unknown, b: unknown): boolean {
  if (a === undefined || b === undefined) return a === b;
  return canonicalJson(a) === canonicalJson(b);
}

/** What people call an entry of a type in its locale: `home`, `spring-sale a`; undefined while a draft has no name yet. */
export function nameOf(type: ContentType, fields: Fields): string | undefined {
  const parts = contentTypes[type].key.map((field) => fields[field]);
  return parts.every((part) => typeof part === "string") ? parts.join(" ") : undefined;
}
