import type { Core } from "@strapi/strapi";

import { seedEntries } from "../seed/entries.ts";
import { defaultLocale, type Locale } from "../seed/locales.ts";
import type { SeedEntry } from "../seed/seed-entry.ts";

/** The content a new stack begins with. Written once: what somebody deletes afterwards stays deleted. */
export async function seedOnce(strapi: Core.Strapi): Promise<void> {
  const store = strapi.store({ type: "core", name: "provision" });
  if (await store.get({ key: "seeded" })) return;
  for (const entry of seedEntries) await write(strapi, entry);
  await store.set({ key: "seeded", value: true });
}

/** An entry in all its locales; one that a start cut short had written is left as it is. */
async function write(strapi: Core.Strapi, { uid, key, shared, localized, status }: SeedEntry) {
  const documents = strapi.documents(uid);
  if (await documents.findFirst({ locale: defaultLocale, status: "draft", filters: key })) return;

  const data = (locale: Locale) => ({ ...key, ...shared, ...localized[locale] }) as never;
  const { documentId } = await documents.create({
    locale: defaultLocale,
    status,
    data: data(defaultLocale),
  });
  for (const locale of Object.keys(localized) as Locale[]) {
    if (locale === defaultLocale) continue;
    await documents.update({ documentId, locale, status, data: data(locale) });
  }
}
