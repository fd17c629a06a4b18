import type { ContentReference } from "../../contract/campaign.ts";
import type { Cms } from "../cms.ts";
import { FRESH, remembered } from "../remembered.ts";
import type { MailChannelArgs } from "./channel.ts";
import { readLetter } from "./letter.ts";

/** Finds templates in the CMS; each is made once for all letters of the next seconds. */
export function cmsTemplates(cms: Pick<Cms, "entry">): MailChannelArgs["find"] {
  const template = remembered(FRESH, async (slug: string, locale: string) => {
    const entry = await cms.entry("email-template", slug, locale);
    if (!entry) return undefined;
    const letter = await readLetter(entry, locale);
    return "template" in letter ? letter.template : { problem: letter.mistakes[0] };
  });
  return async ({ spec, content, locale }) => {
    const reference: ContentReference | undefined = spec.content[content];
    if (reference?.type === "email-template") return template(reference.slug, locale);
    return { problem: `type must be email-template, got ${JSON.stringify(reference?.type)}` };
  };
}
