import type { ContentType } from "../content-types.ts";
import type { Locale } from "./locales.ts";

/** An entry of the seed content in all locales. */
export interface SeedEntry {
  readonly uid: ContentType;

  /** Values that tell this entry from the others of its type; the same in all locales. */
  readonly key: Readonly<Record<string, string>>;

  /** Further values that all locales share. */
  readonly shared: Readonly<Record<string, string>>;

  /** Values of each locale. */
  readonly localized: Readonly<Record<Locale, Readonly<Record<string, unknown>>>>;

  /** `draft`: not public in any locale. */
  readonly status: "draft" | "published";
}
