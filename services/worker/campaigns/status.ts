import type { CurrentCampaign } from "./current.ts";
import type { Findings } from "./checks.ts";
import type { CampaignResource, CampaignStatus, Condition } from "./resource.ts";

/** Conditions by what was looked at: their type, and the reason if nothing or something is wrong. */
const CONDITIONS: Readonly<Record<keyof Findings, readonly [string, string, string]>> = {
  content: ["ContentPublished", "AllPublished", "NotPublished"],
  channels: ["ChannelsConfigured", "AllConfigured", "NotConfigured"],
  window: ["WindowAhead", "NotOver", "Over"],
};

/** Most characters of a message in the status. */
const MESSAGE = 4096;

/**
 * The status of a campaign.
 *
 * @param findings what is wrong with this generation; undefined while nobody was able to look: what was said stays then.
 * @param current the campaign as it runs, also if that is by an earlier generation.
 */
export function statusOf(
  { metadata: { generation }, status: before }: CampaignResource,
  findings: Findings | undefined,
  current: CurrentCampaign | undefined,
  { outbound, heldBack, journey }: Pick<CampaignStatus, "outbound" | "heldBack" | "journey">,
  now: Date,
): CampaignStatus {
  const condition = (
    type: string,
    problems: readonly string[],
    [good, bad]: readonly [string, string],
  ): Condition => {
    const isTrue = problems.length === 0;
    const status = isTrue ? "True" : "False";
    const last = before?.conditions.find((one) => one.type === type);
    return {
      type,
      status,
      observedGeneration: generation,
      reason: isTrue ? good : bad,
      message: problems.join("\n").slice(0, MESSAGE),
      lastTransitionTime:
        last?.status === status ? last.lastTransitionTime : now.toISOString().replace(/\.\d+/, ""),
    };
  };
  const looked = findings && [
    condition("Ready", Object.values(findings).flat(), ["Accepted", "Refused"]),
    ...(Object.keys(CONDITIONS) as (keyof Findings)[]).map((aspect) => {
      const [type, good, bad] = CONDITIONS[aspect];
      return condition(type, findings[aspect], [good, bad]);
    }),
  ];
  return {
    observedGeneration: findings ? generation : (before?.observedGeneration ?? 0),
    phase: current?.phase ?? "pending",
    conditions: looked ?? before?.conditions ?? [],
    opensAt: current?.opensAt.toISOString() ?? null,
    closesAt: current?.closesAt.toISOString() ?? null,
    rolloutPercent: current?.rolloutPercent ?? null,
    percents: current?.percents ?? null,
    reason: current?.reason ?? null,
    outbound,
    heldBack,
    journey,
  };
}

/** Whether two statuses say the same; what is null is not there in the cluster's. */
export function saysTheSame(status: CampaignStatus, before: CampaignStatus | undefined): boolean {
  return before !== undefined && canonical(status) === canonical(before);
}

function canonical(value: unknown): string {
  return JSON.stringify(value, (_key, part: unknown) => {
    if (typeof part !== "object" || part === null || Array.isArray(part)) return part;
    const fields = Object.entries(part).filter(([, field]) => field !== null);
    return Object.fromEntries(fields.sort(([a], [b]) => (a < b ? -1 : 1)));
  });
}
