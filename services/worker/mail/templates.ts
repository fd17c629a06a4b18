import type { Cms } from "../cms.ts";
import type { Effect } from "../journeys/channel.ts";
import type { MailChannelArgs } from "./channel.ts";
import { letterTemplate } from "./letter.ts";

/** How long a template is taken for what is published, in milliseconds. */
const FRESH = 10_000;

/** The most templates that are kept. */
const MOST = 500;

type Found = ReturnType<MailChannelArgs["find"]>;

/** Finds templates in the CMS; each is made once for all letters of the next seconds. */
export function cmsTemplates(cms: Pick<Cms, "entry">): MailChannelArgs["find"] {
  const kept = new Map<string, { readonly until: number; readonly found: Found }>();
  return (effect) => {
    const { slug } = effect.spec.content[effect.content] ?? { slug: "" };
    const name = JSON.stringify([slug, effect.locale]);
    const known = kept.get(name);
    if (known && known.until > performance.now()) return known.found;
    const found = read(effect, slug);
    kept.delete(name);
    kept.set(name, { until: performance.now() + FRESH, found });
    if (kept.size > MOST) kept.delete(kept.keys().next().value!);
    // What failed is asked for again by the next one.
    found.catch(() => kept.delete(name));
    return found;
  };

  async function read({ spec, content, locale }: Effect, slug: string): Found {
    const type = spec.content[content]?.type;
    if (type !== "email-template") {
      return { problem: `type must be email-template, got ${JSON.stringify(type)}` };
    }
    const entry = await cms.entry(type, slug, locale);
    return (
      entry && letterTemplate(entry, locale).catch((error: Error) => ({ problem: error.message }))
    );
  }
}
