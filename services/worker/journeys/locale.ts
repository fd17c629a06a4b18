import type { CampaignSpec } from "../../contract/campaign.ts";
import type { Profile } from "../../contract/profile.ts";

/**
 * Locale in which a person is spoken to: that of their trait `locale` or `language`, or the next wider one of the campaign, as `en`
 * for `en-GB` and for `en_GB`; else the campaign's first.
 */
export function localeOf(
  { locales }: Pick<CampaignSpec, "locales">,
  { traits }: Pick<Profile, "traits">,
): string {
  const parts = String(traits.locale ?? traits.language ?? "").split(/[-_]/);
  const wider = parts.map((_part, index) => parts.slice(0, parts.length - index).join("-"));
  return wider.find((locale) => locales.includes(locale)) ?? locales[0]!;
}
