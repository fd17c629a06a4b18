import type { EntryFields } from "./connectors/words.ts";
import { contentTypes, publicationOf, type Entry, type Publication } from "./publication.ts";

/** Entries per page of a listing; the CMS's maximum. */
const PAGE_SIZE = 100;

/** The most a page of a listing may take, in milliseconds. */
const TIMEOUT = 10_000;

/** What the worker reads from the CMS. */
export interface Cms {
  /** Entries of a content type, in any locale, that were published at `since` or later, oldest first. */
  publishedSince(model: string, since: Date): Promise<Publication[]>;

  /** Every published entry of a content type, one for each locale. */
  published(model: string): Promise<PublishedEntry[]>;

  /**
   * The published entry of a slug in a locale, by the names of its fields; undefined if there is none.
   *
   * @param variant of a landing page only.
   */
  entry(
    model: string,
    slug: string,
    locale: string,
    variant?: string,
  ): Promise<EntryFields | undefined>;
}

/** A published entry in one locale. */
export interface PublishedEntry {
  readonly slug: string;
  /** Of a landing page only. */
  readonly variant?: string;
  readonly locale: string;
}

/**
 * The CMS by its REST API.
 *
 * @throws Error (from its methods) if the CMS does not answer with a listing.
 */
export function restCms(url: string, token: string): Cms {
  return {
    async publishedSince(model, since) {
      const found = new Map<string, Publication>();
      let from = since.toISOString();
      let page = 1;
      for (;;) {
        const listed = await list(model, from, page);
        for (const publication of listed) found.set(publication.id, publication);
        if (listed.length < PAGE_SIZE) return [...found.values()];
        // On from the last time, not to the next page: an entry published meanwhile shifts the pages.
        const last = listed.at(-1)!.occurredAt;
        page = last === from ? page + 1 : 1;
        from = last;
      }
    },
    async published(model) {
      const { collection, variesByVariant } = contentTypes.get(model)!;
      const fields = ["slug", "locale", ...(variesByVariant ? ["variant"] : [])];
      const found: PublishedEntry[] = [];
      for (let page = 1; ; page += 1) {
        const listed = await read<PublishedEntry>(collection, [
          ["sort[0]", "id:asc"],
          ...fields.map((field): [string, string] => ["fields", field]),
          ["pagination[page]", String(page)],
        ]);
        found.push(...listed);
        if (listed.length < PAGE_SIZE) return found;
      }
    },
    async entry(model, slug, locale, variant) {
      const { collection } = contentTypes.get(model)!;
      const filters: [string, string][] = [["filters[slug][$eq]", slug]];
      if (variant !== undefined) filters.push(["filters[variant][$eq]", variant]);
      const [found] = await read<EntryFields>(collection, filters, locale);
      return found;
    },
  };

  async function list(model: string, from: string, page: number): Promise<Publication[]> {
    const { collection, titleField } = contentTypes.get(model)!;
    const listed = await read<Entry>(collection, [
      ["filters[publishedAt][$gte]", from],
      ["sort[0]", "publishedAt:asc"],
      ["sort[1]", "id:asc"],
      ...["slug", titleField, "locale", "publishedAt"].map((field): [string, string] => [
        "fields",
        field,
      ]),
      ["pagination[page]", String(page)],
    ]);
    return listed.map((entry) => {
      const publication = publicationOf("publish", model, entry, entry.publishedAt);
      if (!publication) {
        throw new Error(
          `CMS must list ${collection} with documentId and publishedAt, got ${JSON.stringify(entry).slice(0, 256)}`,
        );
      }
      return publication;
    });
  }

  /** One page of what is published of a collection. @param locale `*` for all of them. */
  async function read<T>(
    collection: string,
    query: [string, string][],
    locale = "*",
  ): Promise<T[]> {
    const whole = new URLSearchParams([
      ...query,
      ["locale", locale],
      ["status", "published"],
      ["pagination[pageSize]", String(PAGE_SIZE)],
    ]);
    const answer = await fetch(new URL(`/api/${collection}?${whole}`, url), {
      headers: { authorization: `Bearer ${token}` },
      signal: AbortSignal.timeout(TIMEOUT),
    });
    if (!answer.ok) {
      await answer.body?.cancel();
      throw new Error(`CMS must list ${collection}, got status ${answer.status}`);
    }
    const { data } = (await answer.json()) as { data: T[] };
    return data;
  }
}
