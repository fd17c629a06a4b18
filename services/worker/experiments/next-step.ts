import type { CampaignSpec } from "../../contract/campaign.ts";
import type { Decision } from "../campaigns/decide.ts";
import type { Verdict } from "./verdict.ts";

/** How a live campaign stands. */
export interface Standing {
  readonly spec: Pick<CampaignSpec, "variants" | "rollout">;
  /** Share of the audience that is reached, 0-100. */
  readonly rolloutPercent: number;
  /** Percent of each variant. */
  readonly percents: Readonly<Record<string, number>>;
  /** Since when it is so, in hours. */
  readonly hours: number;
  /** People who were given a variant since the experiment began, also after it was concluded. */
  readonly people: number;
  /** What its experiment has shown; undefined of a campaign with one variant. */
  readonly verdict: Verdict | undefined;
}

/** What is to be done next with a campaign, one thing at a time; undefined to leave it as it is. */
export function nextStep(standing: Standing): Decision | undefined {
  const { spec, rolloutPercent, percents, verdict } = standing;
  const control = spec.variants[0]!.name;
  const shared = (shares: Record<string, number>, reason: string): Decision => ({
    rolloutPercent,
    percents: Object.fromEntries(spec.variants.map(({ name }) => [name, shares[name] ?? 0])),
    reason,
  });
  switch (verdict?.kind) {
    case "mismatch":
      return undefined;
    case "harm":
      return percents[control] === 100
        ? undefined
        : shared(
            { [control]: 100 },
            `${verdict.finding.variant} breaks the guard rail ${verdict.guardRail}`,
          );
    case "control":
      if (percents[control] === 100) break;
      return shared({ [control]: 100 }, `no variant is as good as ${control}`);
    case "winner": {
      const { variant } = verdict.finding;
      const percent = percents[variant]!;
      if (percent === 100 || !hasSoaked(standing)) break;
      // Half of the way first, so that a harm which only shows on many people is seen on fewer.
      const isFirst = percent === spec.variants.find(({ name }) => name === variant)!.percent;
      const next = isFirst ? Math.ceil((percent + 100) / 2) : 100;
      return shared(
        { [control]: 100 - next, [variant]: next },
        `${variant} is better than ${control}`,
      );
    }
  }
  return grown(standing);
}

/** The next step of the roll-out, if the present one's gate is passed. */
function grown(standing: Standing): Decision | undefined {
  const { spec, rolloutPercent, percents, people } = standing;
  const next = spec.rollout.find(({ percent }) => percent > rolloutPercent);
  if (!next || !hasSoaked(standing)) return undefined;
  const { people: least = 0 } = gateOf(standing) ?? {};
  if (people < least) return undefined;
  return {
    rolloutPercent: next.percent,
    percents,
    reason: `the gate at ${rolloutPercent} % is passed`,
  };
}

/** Whether the campaign has been as it is for as long as the present step's gate asks for. */
function hasSoaked(standing: Standing): boolean {
  return standing.hours >= (gateOf(standing)?.hours ?? 0);
}

function gateOf({ spec, rolloutPercent }: Standing) {
  return spec.rollout.find(({ percent }) => percent === rolloutPercent)?.gate;
}
