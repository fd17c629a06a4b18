import type { CampaignSpec } from "../../contract/campaign.ts";
import { WHOLE } from "../../contract/flag.ts";
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
 * It is the one that the edge gives the same id of the same campaign. Reaching more moves nobody.
 *
 * @param person `user:<id>` or `anonymous:<id>`.
 */
export function variantOf(
  { name, spec, rolloutPercent, percents }: Shares,
  person: string,
): string | undefined {
  const id = person.slice(person.indexOf(":") + 1);
  const bucket = fnv1aOfNumber(fnv1a(id, fnv1a(name))) % WHOLE;
  let from = 0;
  for (const { name: variant } of spec.variants) {
    const weight = (percents[variant] ?? 0) * PERCENT;
    const to = from + Math.floor((weight * rolloutPercent) / 100);
    if (bucket >= from && bucket < to) return variant;
    from += weight;
  }
  return undefined;
}
