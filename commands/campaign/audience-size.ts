import type { CampaignSpec } from "../../services/contract/campaign.ts";
import { isIn } from "../../services/worker/journeys/rules.ts";
import { readProfiles } from "../../services/worker/profiles/read.ts";
import type { Transaction } from "../../services/worker/transaction.ts";
import type { SamplePerson } from "./letter-faults.ts";

/** How many people are read at once. */
const PORTION = 500;

/** Whom a campaign would reach now. */
export interface AudienceSize {
  readonly campaign: string;
  /** People whom the audience's rules hold for. */
  readonly people: number;
  /** Those of them who agreed to all of `consentBasis`. */
  readonly agreed: number;
}

/** The sizes of some audiences, and people they were found among. */
export interface Audiences {
  /** In the order of the campaigns. */
  readonly sizes: readonly AudienceSize[];
  /** Everybody who is known. */
  readonly known: number;
  /** The first people of each audience, by campaign. */
  readonly samples: ReadonlyMap<string, readonly SamplePerson[]>;
}

/**
 * Counts the people of audiences, by the rules as the worker evaluates them, over all profiles in one snapshot.
 *
 * @param transaction a connection without a transaction; login `reader` will do.
 * @param sampled how many people of each audience are given back.
 */
export async function audienceSizes(
  transaction: Transaction,
  campaigns: ReadonlyMap<string, CampaignSpec>,
  now: Date,
  sampled: number,
): Promise<Audiences> {
  const counts = [...campaigns].map(([campaign, spec]) => ({
    campaign,
    spec,
    people: 0,
    agreed: 0,
    sample: [] as SamplePerson[],
  }));
  let known = 0;
  await transaction.query("begin isolation level repeatable read read only");
  await transaction.query(
    `declare everybody no scroll cursor for
     select distinct profiles.resolve(person) as person from (select distinct person from profiles.activity) as seen`,
  );
  for (;;) {
    const { rows } = await transaction.query<{ person: string }>(`fetch ${PORTION} from everybody`);
    const profiles = await readProfiles(
      transaction,
      rows.map(({ person }) => person),
    );
    known += profiles.length;
    for (const profile of profiles) {
      for (const count of counts) {
        const { audience, consentBasis } = count.spec;
        if (!isIn(audience, profile, now)) continue;
        count.people += 1;
        if (consentBasis.every((purpose) => profile.consent.includes(purpose))) count.agreed += 1;
        if (count.sample.length < sampled) count.sample.push({ traits: profile.traits });
      }
    }
    if (rows.length < PORTION) break;
  }
  await transaction.query("rollback");
  return {
    sizes: counts.map(({ campaign, people, agreed }) => ({ campaign, people, agreed })),
    known,
    samples: new Map(counts.map(({ campaign, sample }) => [campaign, sample])),
  };
}
