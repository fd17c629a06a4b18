import type { Logger } from "pino";
import type { ContentReference } from "../../contract/campaign.ts";
import type { Cms, PublishedEntry } from "../cms.ts";
import { FRESH, remembered } from "../remembered.ts";

/** What the CMS has published, by content type. */
export type PublishedContent = Readonly<
  Record<ContentReference["type"], readonly PublishedEntry[]>
>;

/**
 * Reads what the CMS has published, at most every 10 s: a campaign that is refused is looked at again each round. undefined while it
 * does not answer.
 */
export function publishedContent(
  cms: Pick<Cms, "published">,
  log: Logger,
): () => Promise<PublishedContent | undefined> {
  const read = remembered(FRESH, async () => {
    const [page, landingPage, emailTemplate] = await Promise.all([
      cms.published("page"),
      cms.published("landing-page"),
      cms.published("email-template"),
    ]);
    return { page, "landing-page": landingPage, "email-template": emailTemplate };
  });
  return () =>
    read().catch((error: Error) => {
      log.warn({ reason: error.message }, "campaigns are not checked");
      return undefined;
    });
}
