import type { Core } from "@strapi/strapi";

import { defaultLocale, locales } from "../seed/locales.ts";

/** The languages of the content; those that were added in the admin page stay. */
export async function ensureLocales(strapi: Core.Strapi): Promise<void> {
  const service = strapi.plugin("i18n").service("locales");
  for (const [code, name] of Object.entries(locales)) {
    if (!(await service.findByCode(code))) await service.create({ code, name });
  }
  if ((await service.getDefaultLocale()) !== defaultLocale) {
    await service.setDefaultLocale({ code: defaultLocale });
  }
}
