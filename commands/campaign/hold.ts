import {
  HOLD_ANNOTATION,
  OUTBOUND_ANNOTATION,
  type CampaignResource,
} from "../../services/worker/campaigns/resource.ts";
import { waitFor } from "../../local/wait.ts";
import type { StackCluster } from "./cluster.ts";
import { requireDeployed } from "./status.ts";

/** What somebody does to campaigns by hand. */
export type HoldAction = "pause" | "resume" | "stop";

/** What came of it. */
export interface HoldReport {
  readonly action: HoldAction;
  /** What it was done to; all outbound if `all`. */
  readonly campaigns: readonly string[];
  readonly all: boolean;
  /** Seconds until the worker kept to it. */
  readonly seconds: number;
  /** Messages of these campaigns that wait to be let out, by campaign; those without are left out. */
  readonly heldBack: Readonly<Record<string, number>>;
}

/** How long the worker may take to keep to it, in seconds: what users are promised. */
const PROMISED = 10;

const VALUES = { pause: "paused", stop: "stopped", resume: undefined } as const;

/**
 * Holds campaigns, or lets them go on, and waits until the worker does so.
 *
 * @param names of the campaigns; empty for all outbound of the stack, which only `stop` and `resume` can mean.
 * @throws Error if one is not deployed, or the worker did not keep to it within 10 s.
 */
export async function holdCampaigns(
  cluster: StackCluster,
  action: HoldAction,
  names: readonly string[],
): Promise<HoldReport> {
  const value = VALUES[action];
  const all = names.length === 0;
  const deployed = await cluster.list<CampaignResource>("campaigns.marketing.stack");
  requireDeployed(names, deployed);
  const begun = performance.now();
  if (all) await cluster.annotate("namespace", OUTBOUND_ANNOTATION, value);
  else await cluster.annotate(["campaign", ...names], HOLD_ANNOTATION, value);

  const kept = ({ status }: CampaignResource): boolean => {
    if (all) return status?.outbound === (value ?? "allowed");
    return value === undefined
      ? status?.phase !== "paused" && status?.phase !== "stopped"
      : status?.phase === value || status?.phase === "ended" || status?.phase === "pending";
  };
  const resources = await waitFor(`the worker keeping to ${action}`, PROMISED, async () => {
    const now = await cluster.list<CampaignResource>("campaigns.marketing.stack");
    const meant = now.filter(({ metadata }) => all || names.includes(metadata.name));
    return meant.every(kept) ? meant : undefined;
  });
  return {
    action,
    campaigns: resources.map(({ metadata }) => metadata.name),
    all,
    seconds: Math.round((performance.now() - begun) / 100) / 10,
    heldBack: Object.fromEntries(
      resources.flatMap(({ metadata, status }) =>
        status?.heldBack ? [[metadata.name, status.heldBack]] : [],
      ),
    ),
  };
}

/** The report for people. */
export function holdText({ action, campaigns, all, seconds, heldBack }: HoldReport): string {
  const done = { pause: "paused", stop: "stopped", resume: "going on" }[action];
  const what = all ? "all outbound" : campaigns.join(", ");
  const waiting = Object.entries(heldBack).map(([name, effects]) => `${name} ${effects}`);
  const held =
    waiting.length > 0 ? `held back: ${waiting.join(", ")}` : "nothing was held back yet";
  const verb = all || campaigns.length === 1 ? "is" : "are";
  return `${what} ${verb} ${done}, after ${seconds} s; ${action === "resume" ? (waiting.length > 0 ? `about to leave: ${waiting.join(", ")}` : "nothing waits") : held}`;
}
