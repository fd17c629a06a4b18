import type { Logger } from "pino";
import type { ContentReference } from "../../contract/campaign.ts";
import type { Cms, PublishedEntry } from "../cms.ts";

/** What the CMS has published, by content type. */
export type PublishedContent = Readonly<
  Record<ContentReference["type"], readonly PublishedEntry[]>
>;

/** How long it counts, in milliseconds: a campaign that is refused is looked at again each round. */
const COUNTS = 10_000;

/** Reads what the CMS has published, at most every 10 s; undefined while it does not answer. */
export function publishedContent(
  cms: Pick<Cms, "published">,
  log: Logger,
): () => Promise<PublishedContent | undefined> {
  let known: { readonly content: PublishedContent; readonly until: number } | undefined;
  return async () => {
    if (known && performance.now() < known.until) return known.content;
    try {
      const [page, landingPage, emailTemplate] = await Promise.all([
        cms.published("page"),
        cms.published("landing-page"),
        cms.published("email-template"),
      ]);
      const content = { page, "landing-page": landingPage, "email-template": emailTemplate };
      known = { content, until: performance.now() + COUNTS };
      return content;
    } catch (error) {
      log.warn({ reason: (error as Error).message }, "campaigns are not checked");
      return undefined;
    }
  };
}
