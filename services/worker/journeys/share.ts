import type { CampaignSpec } from "../../contract/campaign.ts";
import { WHOLE } from "../../contract/flag.ts";
import { rangesOf } from "../../contract/flag-ranges.ts";
import { fnv1a, fnv1aOfNumber } from "../../contract/fnv1a.ts";

const PERCENT = WHOLE / 100;

/** What decides which variant people are given. */
export interface Shares {
  /** Of the campaign. */
  readonly name: string;
  readonly spec: Pick<CampaignSpec, "variants">;
  /** Share of the audience that is reached, 0-100. */
  readonly rolloutPercent: number;
  /** Percent of each variant by name, which sum up to 100. */
  readonly percents: Readonly<Record<string, number>>;
}

/**
 * Variant that a person is given; undefined for one who is not reached yet.
 *
 * It is the one that the edge gives the same id of the same campaign. Whom a share of the audience reaches is drawn by the percents of
 * the file, whatever was decided about variants since, and a larger share reaches them too.
 *
 * @param person `user:<id>` or `anonymous:<id>`.
 */
export function variantOf(
  { name, spec, rolloutPercent, percents }: Shares,
  person: string,
): string | undefined {
  const id = person.slice(person.indexOf(":") + 1);
  const bucket = fnv1aOfNumber(fnv1a(id, fnv1a(name))) % WHOLE;
  const ranges = rangesOf({
    variants: spec.variants.map((variant) => ({
      weight: (percents[variant.name] ?? 0) * PERCENT,
      rolloutWeight: variant.percent * PERCENT,
    })),
    rollout: rolloutPercent * PERCENT,
  });
  const given = ranges.find(({ from, to }) => bucket >= from && bucket < to);
  return given && spec.variants[given.variant]!.name;
}
