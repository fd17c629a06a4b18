/** The languages content is written in, by code, as the admin page names them. */
export const locales = { en: "English (en)", es: "Spanish (es)" } as const;

export type Locale = keyof typeof locales;

/** What a request without `locale` gets. */
export const defaultLocale: Locale = "en";
