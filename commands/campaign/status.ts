import type { JourneyCounts } from "../../services/worker/campaigns/journey-counts.ts";
import {
  OUTBOUND_ANNOTATION,
  type CampaignResource,
} from "../../services/worker/campaigns/resource.ts";
import type { StackCluster } from "./cluster.ts";

/** How the campaigns of a stack are. */
export interface StatusReport {
  readonly outbound: "allowed" | "stopped";
  readonly campaigns: readonly CampaignReport[];
}

/** How one campaign is. */
export interface CampaignReport {
  readonly name: string;
  /** `unseen` until the worker has looked at it. */
  readonly phase: string;
  /** Whether the file as it is deployed was accepted; null while nobody has looked at it. */
  readonly accepted: boolean | null;
  /** What is wrong with it, if it was refused. */
  readonly problems: readonly string[];
  /** Share of the audience that is reached; null if none was accepted. */
  readonly rolloutPercent: number | null;
  /** Percent of each variant now. */
  readonly percents: Readonly<Record<string, number>>;
  readonly reason: string;
  readonly window: string;
  /** Messages that wait to be let out. */
  readonly heldBack: number;
  /** How far people are in its journey; null if nobody came in. */
  readonly journey: JourneyCounts | null;
}

/**
 * Asks the cluster how campaigns are.
 *
 * @param names of the campaigns; empty for all.
 * @throws Error naming those that are not deployed.
 */
export async function readStatus(
  cluster: StackCluster,
  names: readonly string[],
): Promise<StatusReport> {
  const resources = await cluster.list<CampaignResource>("campaigns.marketing.stack");
  requireDeployed(names, resources);
  const annotations = await cluster.namespaceAnnotations();
  return {
    outbound: annotations[OUTBOUND_ANNOTATION] === undefined ? "allowed" : "stopped",
    campaigns: resources
      .filter(({ metadata }) => names.length === 0 || names.includes(metadata.name))
      .map(reportOf),
  };
}

/** @throws Error naming campaigns that the cluster does not have. */
export function requireDeployed(
  names: readonly string[],
  resources: readonly CampaignResource[],
): void {
  const known = resources.map(({ metadata }) => metadata.name);
  const unknown = names.filter((name) => !known.includes(name));
  if (unknown.length === 0) return;
  throw new Error(
    `FILE must be of a campaign that is deployed (${known.join(", ") || "there is none"}), got ${unknown.join(", ")}; npm run up deploys it`,
  );
}

function reportOf({ metadata, spec, status }: CampaignResource): CampaignReport {
  const ready = status?.conditions.find(({ type }) => type === "Ready");
  const isCurrent = ready?.observedGeneration === metadata.generation;
  return {
    name: metadata.name,
    phase: status?.phase ?? "unseen",
    accepted: isCurrent ? ready.status === "True" : null,
    problems: isCurrent && ready.message ? ready.message.split("\n") : [],
    rolloutPercent: status?.rolloutPercent ?? null,
    percents: status?.percents ?? {},
    reason: status?.reason ?? "",
    window: `${spec.window.from} to ${spec.window.to} ${spec.window.timeZone}`,
    heldBack: status?.heldBack ?? 0,
    journey: status?.journey ?? null,
  };
}

/** The report for people. */
export function statusText({ outbound, campaigns }: StatusReport): string {
  const lines = campaigns.flatMap((campaign) => {
    const variants = Object.entries(campaign.percents)
      .map(([name, percent]) => `${name} ${percent} %`)
      .join(", ");
    const reach = campaign.rolloutPercent === null ? "" : `reaches ${campaign.rolloutPercent} %`;
    const held = campaign.heldBack > 0 ? `${campaign.heldBack} held back` : "";
    const facts = [reach, variants, held, campaign.window].filter(Boolean).join("; ");
    const { journey } = campaign;
    return [
      `${campaign.name.padEnd(24)} ${campaign.phase.padEnd(10)} ${facts}`,
      ...(journey
        ? [
            `  ${journey.entered} people came in, ${journey.ended} to the end; ${journey.sent} messages sent, ${journey.notSent} not`,
          ]
        : []),
      ...(campaign.accepted === null ? ["  the worker has not looked at it yet"] : []),
      ...campaign.problems.map((problem) => `  refused: ${problem}`),
    ];
  });
  return [
    ...(outbound === "stopped"
      ? ["ALL OUTBOUND IS STOPPED; npm run campaign -- resume --all lets it go on"]
      : []),
    ...(lines.length > 0 ? lines : ["no campaign is deployed"]),
  ].join("\n");
}
