import { readCampaigns, type CurrentCampaign } from "../campaigns/current.ts";
import { areProfilesBehind } from "../profiles/behind.ts";
import { readProfiles } from "../profiles/read.ts";
import type { Transaction } from "../transaction.ts";
import { mayEnter, placeOf } from "./next.ts";
import { variantOf } from "./share.ts";

/** Any number that nobody else locks: people come in by one transaction at a time, so that nobody does by two of their ids. */
export const ENTER_LOCK = 7_352_004;

/**
 * Lets those of some people into the live campaigns' journeys who may come in and never did, by none of their ids. While the
 * profiles are behind the event log nobody comes in; all are looked at once they are not.
 *
 * @param people ids (`user:…`, `anonymous:…`).
 * @param only name of the one campaign that is meant. @default - all
 */
export async function enterPeople(
  transaction: Transaction,
  people: readonly string[],
  only?: string,
): Promise<void> {
  const campaigns = (await readCampaigns(transaction)).filter(
    (campaign) =>
      isTravelled(campaign) && campaign.phase === "live" && (!only || campaign.name === only),
  );
  if (campaigns.length === 0 || people.length === 0) return;
  if (await areProfilesBehind(transaction)) {
    await transaction.query("delete from campaigns.sweep");
    return;
  }
  await transaction.query("select pg_advisory_xact_lock($1)", [ENTER_LOCK]);
  const profiles = await readProfiles(transaction, people);
  const entering = campaigns.flatMap((campaign) =>
    profiles.flatMap((profile) => {
      const { uid, name, spec, now } = campaign;
      if (!mayEnter(spec, campaign, profile, now)) return [];
      const variant = variantOf(campaign, profile.person);
      if (variant === undefined) return [];
      const { step, before } = placeOf(spec, profile, now);
      const { person, ids } = profile;
      return [{ uid, person, ids, campaign: name, variant, step, since: now, before }];
    }),
  );
  if (entering.length > 0) await transaction.query(ENTER, [JSON.stringify(entering)]);
}

/** Whether anything of a campaign leaves by the worker: what is shown on the web is given out by the edge. */
export function isTravelled({ spec }: Pick<CurrentCampaign, "spec">): boolean {
  return spec.journey.steps.some(({ send }) => send && spec.channels[send.channel]?.kind !== "web");
}

const ENTER = `
  insert into campaigns.enrolment (uid, person, campaign, variant, step, since, before, due_at, known)
  select uid, person, campaign, variant, step, since, before, since,
    array(select sha256(convert_to(id, 'UTF8')) from unnest(ids) as id)
  from jsonb_to_recordset($1::jsonb) as entering (uid text, person text, ids text[], campaign text, variant text, step text,
    since timestamptz, before jsonb)
  where not exists (
    select from campaigns.enrolment as known where known.uid = entering.uid and known.person = any(entering.ids)
  )
  on conflict do nothing`;
