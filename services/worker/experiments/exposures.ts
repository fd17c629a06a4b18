import type { Transaction } from "../transaction.ts";

/** Somebody who was given a variant of a campaign. */
export interface Exposure {
  readonly campaign: string;
  /** An id as in the profiles: `user:<id>` or `anonymous:<id>`. */
  readonly person: string;
  readonly variant: string;
  readonly at: Date;
}

/** Keeps an exposure; of several of one person to one campaign the earliest counts, in whatever order they come. */
export async function keepExposure(
  transaction: Transaction,
  { campaign, person, variant, at }: Exposure,
): Promise<void> {
  await transaction.query(`${INTO} values ($1, $2, $3, $4) ${EARLIEST}`, [
    campaign,
    person,
    variant,
    at,
  ]);
}

const INTO = "insert into campaigns.exposure as known (campaign, person, variant, at)";
const EARLIEST = `on conflict (campaign, person) do update set variant = excluded.variant, at = excluded.at
  where (excluded.at, excluded.variant) < (known.at, known.variant)`;

/** Keeps those among the temporary table `fresh` of events that are being taken into the profiles. */
export const keepFreshExposures = `${INTO}
  select distinct on (campaign, person) campaign, person, properties->>'variant', at
  from fresh
  where type = 'exposure' and campaign is not null and properties->>'variant' is not null
  order by campaign, person, at, properties->>'variant'
  ${EARLIEST}`;
