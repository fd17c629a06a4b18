import type { CampaignSpec } from "../../contract/campaign.ts";
import type { Profile } from "../../contract/profile.ts";

/** Locale in which a person is spoken to: that of their trait `locale` or `language`, else the campaign's first. */
export function localeOf(
  { locales }: Pick<CampaignSpec, "locales">,
  { traits }: Pick<Profile, "traits">,
): string {
  const own = String(traits.locale ?? traits.language ?? "");
  return locales.find((locale) => locale === own || own.startsWith(`${locale}-`)) ?? locales[0]!;
}
