import type { CampaignSpec, ContentReference } from "../../services/contract/campaign.ts";
import { contentFinding, missingContent } from "../../services/worker/campaigns/checks.ts";
import type { PublishedContent } from "../../services/worker/campaigns/published-content.ts";
import type { PublishedEntry } from "../../services/worker/cms.ts";
import type { LocalEntry } from "../content/snapshot.ts";
import { letterFaults, type SamplePerson } from "./letter-faults.ts";

/** A published entry that campaigns are checked against. */
export type LintEntry = Omit<LocalEntry, "documentId">;

/** Where the entries are from. */
export type LintContent = {
  readonly entries: readonly LintEntry[];
  /** Whether that is all that is published: then what is not there is missing. */
  readonly isWhole: boolean;
};

/** What is wrong with a campaign's content, and what could not be checked. */
export interface ContentFindings {
  /** `content.<name> must <rule>, got <value>; <remedy>`. */
  readonly problems: readonly string[];
  readonly warnings: readonly string[];
}

/**
 * Looks for a campaign's content in what is published, and writes each of its letters to each person in each locale.
 *
 * @param people at least one.
 */
export async function contentFaults(
  spec: CampaignSpec,
  { entries, isWhole }: LintContent,
  people: readonly SamplePerson[],
): Promise<ContentFindings> {
  const missing = missingContent(spec, publishedOf(entries));
  const letters: string[] = [];
  for (const [name, reference] of Object.entries(spec.content)) {
    if (reference.type !== "email-template") continue;
    for (const locale of spec.locales) {
      const entry = entries.find((one) => isNamed(one, reference) && one.locale === locale);
      if (!entry) continue;
      const faults = await letterFaults(entry.fields, locale, people);
      letters.push(...faults.map((fault) => `content.${name} in ${locale}: ${fault}`));
    }
  }
  if (isWhole) return { problems: [...missing.map(contentFinding), ...letters], warnings: [] };
  const unseen = missing.map(
    ({ name, what }) =>
      `content.${name} is not checked, got ${what} in what a new CMS has; check it with --stack NAME`,
  );
  return { problems: letters, warnings: unseen };
}

function isNamed({ type, fields }: LintEntry, reference: ContentReference): boolean {
  return type === reference.type && fields.slug === reference.slug;
}

function publishedOf(entries: readonly LintEntry[]): PublishedContent {
  const of = (type: LintEntry["type"]): PublishedEntry[] =>
    entries
      .filter((entry) => entry.type === type)
      .map(({ locale, fields }) => ({ ...(fields as { slug: string; variant?: string }), locale }));
  return {
    page: of("page"),
    "landing-page": of("landing-page"),
    "email-template": of("email-template"),
  };
}
