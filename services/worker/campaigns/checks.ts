import { spanOf } from "../../contract/campaign-phase.ts";
import type { CampaignSpec, Channel } from "../../contract/campaign.ts";
import type { PublishedContent } from "./published-content.ts";

/** Ways out that an environment is configured for. */
export interface ConfiguredChannels {
  /** Whether there is a server that letters leave by. */
  readonly hasMail: boolean;
  /** Kind of channel that each connector serves, by name. */
  readonly connectors: ReadonlyMap<string, Channel["kind"]>;
}

/** What a campaign is checked against: all that no schema knows. */
export interface Surroundings extends ConfiguredChannels {
  readonly now: Date;
  readonly published: PublishedContent;
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
    content: missingContent(spec, around.published).map(contentFinding),
    channels: channelFindings(spec, around),
    window: isNew ? windowFindings(spec, around.now) : [],
  };
}

/** Content of a campaign that is not published in all of its locales. */
export interface MissingContent {
  /** The campaign's own for it. */
  readonly name: string;
  /** `page "home" without en, es`. */
  readonly what: string;
}

/** What content of a campaign is not published in all of its locales. */
export function missingContent(
  { content, locales }: Pick<CampaignSpec, "content" | "locales">,
  published: PublishedContent,
): MissingContent[] {
  return Object.entries(content).flatMap(([name, { type, slug, variant }]) => {
    const found = new Set(
      published[type]
        .filter((entry) => entry.slug === slug && (!variant || entry.variant === variant))
        .map(({ locale }) => locale),
    );
    const missing = locales.filter((locale) => !found.has(locale));
    if (missing.length === 0) return [];
    const which = variant ? `, variant ${JSON.stringify(variant)},` : "";
    const what = `${type} ${JSON.stringify(slug)}${which} without ${missing.join(", ")}`;
    return [{ name, what }];
  });
}

/** Says so, where it must be published. */
export function contentFinding({ name, what }: MissingContent): string {
  return `content.${name} must be published in every one of locales, got ${what}; publish it in the CMS`;
}

/** What channels of a campaign an environment is not configured for. */
export function channelFindings(
  { channels }: Pick<CampaignSpec, "channels">,
  configured: ConfiguredChannels,
): string[] {
  return Object.entries(channels).flatMap(([name, channel]) =>
    channelFinding(name, channel, configured),
  );
}

/** What is wrong with the window of a new campaign. One that has begun is taken: an environment that is set up again goes on with it. */
export function windowFindings({ window }: Pick<CampaignSpec, "window">, now: Date): string[] {
  if (now < spanOf(window).closesAt) return [];
  return [
    `window.to must be in the future as long as the campaign is new, got ${JSON.stringify(window.to)}; move the window, or delete the file`,
  ];
}

function channelFinding(
  name: string,
  { kind, secret }: Channel,
  { hasMail, connectors }: ConfiguredChannels,
): string[] {
  if (secret === undefined) {
    if (kind !== "email" || hasMail) return [];
    return [
      `channels.${name}.kind must not be email where no mail server is configured, got ${kind}; set smtpUrl, or take the channel out`,
    ];
  }
  if (connectors.get(secret) === kind) return [];
  const known = [...connectors].filter(([, other]) => other === kind).map(([other]) => other);
  return [
    `channels.${name}.secret must be one of this environment's connectors for ${kind} (${known.sort().join(", ") || "there is none"}), got ${JSON.stringify(secret)}; configure it in connectors, or take the channel out`,
  ];
}
