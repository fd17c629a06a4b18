import { contentTypes, publicationOf, type Entry, type Publication } from "./publication.ts";

/** Entries per page of a listing; Strapi's default maximum. */
const PAGE_SIZE = 100;

/** The most a page of a listing may take, in milliseconds. */
const TIMEOUT = 10_000;

/** What the worker reads from the CMS. */
export interface Cms {
  /** Entries of a content type, in any locale, that were published after `since`, oldest first. */
  publishedSince(model: string, since: Date): Promise<Publication[]>;
}

/**
 * The CMS by its REST API.
 *
 * @throws Error (from its methods) if the CMS does not answer with 2xx.
 */
export function restCms(url: string, token: string): Cms {
  return {
    async publishedSince(model, since) {
      const found: Publication[] = [];
      for (let page = 1; ; page += 1) {
        const query = new URLSearchParams({
          "filters[publishedAt][$gt]": since.toISOString(),
          sort: "publishedAt:asc",
          locale: "*",
          status: "published",
          "pagination[page]": String(page),
          "pagination[pageSize]": String(PAGE_SIZE),
        });
        const answer = await fetch(new URL(`/api/${contentTypes[model]}?${query}`, url), {
          headers: { authorization: `Bearer ${token}` },
          signal: AbortSignal.timeout(TIMEOUT),
        });
        if (!answer.ok)
          throw new Error(`CMS must list ${contentTypes[model]}, got status ${answer.status}`);
        const { data } = (await answer.json()) as { data: Entry[] };
        for (const entry of data) {
          const publication = publicationOf("publish", model, entry, entry.publishedAt);
          if (publication) found.push(publication);
        }
        if (data.length < PAGE_SIZE) return found;
      }
    },
  };
}
