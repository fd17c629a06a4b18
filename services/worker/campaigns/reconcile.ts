import type { Transaction } from "../transaction.ts";
import { accept } from "./accept.ts";
import { findingsOf, type ConfiguredChannels, type Findings, type Surroundings } from "./checks.ts";
import type { PublishedContent } from "./published-content.ts";
import { readCampaigns, type CurrentCampaign } from "./current.ts";
import { flagOf } from "./flag.ts";
import { writeFlags } from "./flag-table.ts";
import { hold, holdOf, remove } from "./hold.ts";
import { isOutboundStopped } from "./kill-switch.ts";
import type { CampaignResource } from "./resource.ts";

/** What a campaign came to in one round. */
export interface Reconciled {
  readonly resource: CampaignResource;
  /** Undefined if it was not looked at: the CMS did not answer. */
  readonly findings: Findings | undefined;
  /** Undefined if no generation of it was accepted. */
  readonly current: CurrentCampaign | undefined;
}

/** What campaigns are checked with. */
export interface Checking extends ConfiguredChannels {
  /** What the CMS has published; undefined if it does not answer. */
  readonly published: () => Promise<PublishedContent | undefined>;
}

const NOTHING_WRONG: Findings = { content: [], channels: [], window: [] };

/**
 * Makes the campaigns that run those of the cluster: accepts what passes the checks, holds what is held, ends what is gone,
 * and gives the edge its flags. What is refused leaves the campaign as it was last accepted.
 */
export async function reconcile(
  transaction: Transaction,
  resources: readonly CampaignResource[],
  checking: Checking,
): Promise<Reconciled[]> {
  const before = await readCampaigns(transaction);
  const named = new Map(before.map((campaign) => [campaign.name, campaign]));
  const living = resources.filter(({ metadata }) => !metadata.deletionTimestamp);
  const isKnown = (resource: CampaignResource, current: CurrentCampaign | undefined): boolean =>
    current?.generation === resource.metadata.generation;
  const sameAs = ({ metadata: { name, uid } }: CampaignResource): CurrentCampaign | undefined =>
    named.get(name)?.uid === uid ? named.get(name) : undefined;

  const isAnyNew = living.some((resource) => !isKnown(resource, sameAs(resource)));
  const around = isAnyNew ? await surroundings(transaction, checking) : undefined;
  const findings = new Map<string, Findings>();
  for (const resource of living) {
    const { name, uid, generation } = resource.metadata;
    const former = sameAs(resource);
    if (isKnown(resource, former)) findings.set(name, NOTHING_WRONG);
    else if (around) {
      const found = findingsOf(resource.spec, around, former === undefined);
      findings.set(name, found);
      if (Object.values(found).flat().length === 0) {
        await accept(transaction, { name, uid, generation, spec: resource.spec });
      }
    }
    const held = holdOf(resource);
    if (former?.hold !== held && (former || isAccepted(findings.get(name)))) {
      await hold(transaction, name, held);
    }
  }
  const uids = new Set(living.map(({ metadata }) => metadata.uid));
  const names = new Map(living.map(({ metadata }) => [metadata.name, metadata.uid]));
  for (const { name, uid } of before) {
    const isReplaced = names.has(name) && isAccepted(findings.get(name));
    if (!uids.has(uid) && !isReplaced) await remove(transaction, name);
  }

  const after = new Map((await readCampaigns(transaction)).map((one) => [one.name, one]));
  const isStopped = await isOutboundStopped(transaction);
  await writeFlags(
    transaction,
    [...after.values()].flatMap((campaign) => flagOf(campaign, isStopped) ?? []),
  );
  return living.map((resource) => {
    const { name } = resource.metadata;
    return { resource, findings: findings.get(name), current: after.get(name) };
  });
}

function isAccepted(findings: Findings | undefined): boolean {
  return findings !== undefined && Object.values(findings).flat().length === 0;
}

/** Undefined if the CMS does not answer. */
async function surroundings(
  transaction: Transaction,
  { published, hasMail, connectors }: Checking,
): Promise<Surroundings | undefined> {
  const { rows } = await transaction.query<{ now: Date }>("select clock_timestamp() as now");
  const content = await published();
  return content && { now: rows[0]!.now, published: content, hasMail, connectors };
}
