import type { Cms } from "../cms.ts";
import { FRESH, remembered } from "../remembered.ts";
import { wordsOf, type FindWords } from "./words.ts";

/** Finds what effects say in the CMS, asked at most every 10 s for each entry and locale: thousands of messages say the same. */
export function wordsOfCms(cms: Pick<Cms, "entry">): FindWords {
  const read = remembered(FRESH, (...which: Parameters<Cms["entry"]>) => cms.entry(...which));
  return async ({ spec, content, locale, person }) => {
    const { type, slug, variant } = spec.content[content]!;
    const entry = await read(type, slug, locale, variant);
    return entry && wordsOf(type, entry, person.traits);
  };
}
