import { spanOf } from "../../contract/campaign-phase.ts";
import type { CampaignSpec, Channel, ContentReference } from "../../contract/campaign.ts";
import type { PublishedContent } from "./published-content.ts";

/** What a campaign is checked against: all that no schema knows. */
export interface Surroundings {
  readonly now: Date;
  readonly published: PublishedContent;
  /** Kinds of channels that this worker is configured for. */
  readonly channels: ReadonlySet<Channel["kind"]>;
}

/** What is wrong with a campaign in each respect, as `<field> must <rule>, got <value>; <remedy>`. */
export interface Findings {
  readonly content: readonly string[];
  readonly channels: readonly string[];
  readonly window: readonly string[];
}

/**
 * Checks a campaign against what it is to run in.
 *
 * @param isNew whether none of its generations was accepted yet: only then its window may not be over.
 */
export function findingsOf(spec: CampaignSpec, around: Surroundings, isNew: boolean): Findings {
  return {
    content: Object.entries(spec.content).flatMap(([name, reference]) =>
      contentFinding(name, reference, spec.locales, around),
    ),
    channels: Object.entries(spec.channels).flatMap(([name, { kind }]) =>
      around.channels.has(kind)
        ? []
        : [
            `channels.${name}.kind must be one that this environment is configured for (${[...around.channels].sort().join(", ")}), got ${kind}; configure it, or take the channel out`,
          ],
    ),
    window: isNew ? windowFinding(spec, around.now) : [],
  };
}

function contentFinding(
  name: string,
  { type, slug, variant }: ContentReference,
  locales: readonly string[],
  { published }: Surroundings,
): string[] {
  const found = new Set(
    published[type]
      .filter((entry) => entry.slug === slug && (!variant || entry.variant === variant))
      .map(({ locale }) => locale),
  );
  const missing = locales.filter((locale) => !found.has(locale));
  if (missing.length === 0) return [];
  const what = `${type} ${JSON.stringify(slug)}${variant ? `, variant ${JSON.stringify(variant)},` : ""}`;
  return [
    `content.${name} must be published in every one of locales, got ${what} without ${missing.join(", ")}; publish it in the CMS`,
  ];
}

/** One that has begun is taken: an environment that is set up again goes on with it. */
function windowFinding({ window }: CampaignSpec, now: Date): string[] {
  if (now < spanOf(window).closesAt) return [];
  return [
    `window.to must be in the future as long as the campaign is new, got ${JSON.stringify(window.to)}; move the window, or delete the file`,
  ];
}
