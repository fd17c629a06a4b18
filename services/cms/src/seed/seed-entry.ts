import type { Locale } from "./locales.ts";

/** An entry of the seed content in all locales. */
export interface SeedEntry {
  readonly uid:
    "api::page.page" | "api::landing-page.landing-page" | "api::email-template.email-template";

  /** Values that tell this entry from the others of its type; the same in all locales. */
  readonly key: Readonly<Record<string, string>>;

  /** Further values that all locales share. */
  readonly shared: Readonly<Record<string, string>>;

  /** Values of each locale. */
  readonly localized: Readonly<Record<Locale, Readonly<Record<string, unknown>>>>;

  /** `draft`: not public in any locale. */
  readonly status: "draft" | "published";
}
