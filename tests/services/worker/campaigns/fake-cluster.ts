import type { CampaignSpec } from "../../../../services/contract/campaign.ts";
import type { Cluster } from "../../../../services/worker/campaigns/cluster.ts";
import type {
  CampaignResource,
  CampaignStatus,
} from "../../../../services/worker/campaigns/resource.ts";

/** One namespace of a cluster, as the worker sees it, with what people do there. */
export interface FakeCluster extends Cluster {
  /** Events told so far: `<type> <reason> <campaign>: <message>`. */
  readonly events: string[];
  /** Writes a campaign as `kubectl apply` does: another spec is another generation. */
  apply(name: string, spec: CampaignSpec, annotations?: Record<string, string>): void;
  delete(name: string): void;
  /** Stops all outbound on the namespace, or lets it go on. */
  stopOutbound(isStopped: boolean): void;
  status(name: string): CampaignStatus | undefined;
  /** Answers nothing but errors until it is called again. */
  fail(isFailing: boolean): void;
}

/** An empty one. */
export function fakeCluster(): FakeCluster {
  const campaigns = new Map<string, CampaignResource>();
  const events: string[] = [];
  let isStopped = false;
  let isFailing = false;
  let uids = 0;
  const answer = <T>(value: T): T => {
    if (isFailing) throw new Error("the API server is away");
    return value;
  };
  return {
    events,
    apply(name, spec, annotations) {
      const before = campaigns.get(name);
      const isSame = JSON.stringify(before?.spec) === JSON.stringify(spec);
      const generation = (before?.metadata.generation ?? 0) + (isSame ? 0 : 1);
      const uid = before?.metadata.uid ?? `uid-${(uids += 1)}`;
      const metadata = { name, uid, generation, ...(annotations && { annotations }) };
      campaigns.set(name, { metadata, spec, ...(before?.status && { status: before.status }) });
    },
    delete: (name) => void campaigns.delete(name),
    stopOutbound: (stopped) => (isStopped = stopped),
    status: (name) => campaigns.get(name)?.status,
    fail: (failing) => (isFailing = failing),
    campaigns: async () => answer([...campaigns.values()]),
    isOutboundStopped: async () => answer(isStopped),
    async writeStatus(name, status) {
      const campaign = answer(campaigns.get(name)!);
      // As a merge patch does: null takes a field away.
      const given = Object.entries({ ...campaign.status, ...status }).filter(
        ([, value]) => value !== null,
      );
      const merged = Object.fromEntries(given) as unknown as CampaignStatus;
      campaigns.set(name, { ...campaign, status: merged });
    },
    async tell({ campaign, type, reason, message }) {
      answer(events.push(`${type} ${reason} ${campaign.metadata.name}: ${message}`));
    },
  };
}
