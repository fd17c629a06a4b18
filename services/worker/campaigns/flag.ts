import type { AudienceRule, Flag, Variant } from "../../contract/flag.ts";
import { WHOLE } from "../../contract/flag.ts";
import type { CampaignAudience, CampaignRule } from "../../contract/campaign.ts";
import type { CurrentCampaign } from "./current.ts";

/** Variant of those who are not reached; no campaign can have one of this name. */
const NOBODY = "_none";

const PERCENT = WHOLE / 100;

/**
 * The flag by which the edge gives people variants of a campaign on the web; undefined if it has no such channel.
 *
 * What a variant says is the content of its journey on the web, by the names of the campaign's content. Who is not reached is
 * given nothing (`{}`) and not counted.
 */
export function flagOf(campaign: CurrentCampaign, isOutboundStopped: boolean): Flag | undefined {
  const { name, spec, percents, phase, rolloutPercent } = campaign;
  const slots = webContent(campaign);
  if (slots.length === 0) return undefined;
  // Where it makes no difference it is left out: a collector of an earlier release does not know it.
  const isMoved =
    rolloutPercent < 100 && spec.variants.some((one) => percents[one.name] !== one.percent);
  const rolledOutBy = (percent: number): Pick<Variant, "rolloutWeight"> =>
    isMoved ? { rolloutWeight: percent * PERCENT } : {};
  const rules = audienceRules(spec.audience);
  return {
    key: name,
    kind: "experiment",
    // A campaign that was accepted when its schema took other traits must not reach more people than its file says.
    enabled: phase === "live" && !isOutboundStopped && rules.every(isKnownAtTheEdge),
    bucketing: "growthbook",
    salt: name,
    variants: [
      { key: NOBODY, value: {}, weight: 0, ...rolledOutBy(0) },
      ...spec.variants.map((variant) => ({
        key: variant.name,
        value: Object.fromEntries(
          slots.map((slot) => [slot, spec.content[variant.content?.[slot] ?? slot]]),
        ),
        weight: (percents[variant.name] ?? 0) * PERCENT,
        ...rolledOutBy(variant.percent),
      })),
    ],
    rollout: rolloutPercent * PERCENT,
    audience: rules.filter(isKnownAtTheEdge),
    consent: spec.consentBasis,
    campaign: name,
  };
}

/** Names of the content that the journey shows on the web. */
function webContent({ spec: { journey, channels } }: CurrentCampaign): string[] {
  const shown = journey.steps.flatMap(({ send }) =>
    send && channels[send.channel]?.kind === "web" ? [send.content] : [],
  );
  return [...new Set(shown)];
}

/** The edge knows what the site tells it of a person, which are traits, and no past events. */
function audienceRules({ all, none = [] }: CampaignAudience): AudienceRule[] {
  return [
    ...all.flatMap(onTrait),
    ...none.flatMap((rule) => onTrait(rule).map((one) => ({ ...one, not: true }))),
  ];
}

function onTrait({ trait, oneOf, atLeast, atMost }: CampaignRule): AudienceRule[] {
  if (trait === undefined) return [];
  return [
    {
      attribute: trait,
      ...(oneOf && { in: oneOf }),
      ...(atLeast !== undefined && { atLeast }),
      ...(atMost !== undefined && { atMost }),
    },
  ];
}

/** Whether a flag can ask for it; the schema of campaigns refuses others on the web. */
function isKnownAtTheEdge({ attribute }: AudienceRule): boolean {
  return /^[A-Za-z][A-Za-z0-9_]{0,63}$/.test(attribute);
}
