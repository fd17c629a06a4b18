import type { Cms } from "../cms.ts";
import { wordsOf, type EntryFields, type FindWords } from "./words.ts";

/** How long an entry that was read counts, in milliseconds: thousands of messages say the same. */
const COUNTS = 10_000;

/** Finds what effects say in the CMS, asked at most every 10 s for each entry and locale. */
export function wordsOfCms(cms: Pick<Cms, "entry">): FindWords {
  const known = new Map<
    string,
    { readonly entry: Promise<EntryFields | undefined>; readonly until: number }
  >();
  return async ({ spec, content, locale, person }) => {
    const reference = spec.content[content]!;
    const key = JSON.stringify([reference, locale]);
    let found = known.get(key);
    if (!found || performance.now() >= found.until) {
      const { type, slug, variant } = reference;
      const entry = cms.entry(type, slug, locale, variant);
      found = { entry, until: performance.now() + COUNTS };
      known.set(key, found);
      // Who waits for it hears of the failure; the next one asks again.
      found.entry.catch(() => known.delete(key));
    }
    const entry = await found.entry;
    return entry && wordsOf(reference.type, entry, person.traits);
  };
}
