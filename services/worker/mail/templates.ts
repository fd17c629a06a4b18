import type { ContentReference } from "../../contract/campaign.ts";
import type { Cms } from "../cms.ts";
import { FRESH, remembered } from "../remembered.ts";
import type { MailChannelArgs } from "./channel.ts";
import { letterTemplate } from "./letter.ts";

/** Finds templates in the CMS; each is made once for all letters of the next seconds. */
export function cmsTemplates(cms: Pick<Cms, "entry">): MailChannelArgs["find"] {
  const template = remembered(FRESH, async (slug: string, locale: string) => {
    const entry = await cms.entry("email-template", slug, locale);
    return (
      entry && letterTemplate(entry, locale).catch((error: Error) => ({ problem: error.message }))
    );
  });
  return async ({ spec, content, locale }) => {
    const reference: ContentReference | undefined = spec.content[content];
    if (reference?.type === "email-template") return template(reference.slug, locale);
    return { problem: `type must be email-template, got ${JSON.stringify(reference?.type)}` };
  };
}
