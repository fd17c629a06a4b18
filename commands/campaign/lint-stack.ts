import type { CampaignSpec } from "../../services/contract/campaign.ts";
import type { ConfiguredChannels } from "../../services/worker/campaigns/checks.ts";
import type { CampaignResource } from "../../services/worker/campaigns/resource.ts";
import { lineProgress } from "../../local/progress.ts";
import { resolveToolchain } from "../../local/toolchain/toolchain.ts";
import { stackCms } from "../content/stack-cms.ts";
import { backendOf, engineEnvironment } from "../engine/environment.ts";
import { readOutputs, type StackOutputs } from "../engine/outputs.ts";
import { stackSettings } from "../engine/settings.ts";
import { onStackDatabase } from "../engine/stack-database.ts";
import { audienceSizes, type Audiences } from "./audience-size.ts";
import { stackCluster } from "./cluster.ts";
import type { LintEntry } from "./lint-content.ts";

/** What campaigns are checked against where a stack is given. */
export interface LintStack {
  /** All that its CMS has published. */
  entries(): Promise<readonly LintEntry[]>;
  /** Ways out that it is configured for; undefined if it was deployed before it told. */
  channels(): Promise<ConfiguredChannels | undefined>;
  /** Names of the campaigns that it has accepted in some form: the others are new. */
  accepted(): Promise<ReadonlySet<string>>;
  /** @param sampled how many people of each audience are given back. */
  audiences(
    campaigns: ReadonlyMap<string, CampaignSpec>,
    now: Date,
    sampled: number,
  ): Promise<Audiences>;
}

/**
 * A deployed stack.
 *
 * @throws Error from its methods if it is not deployed, or not reached from this machine.
 */
export function lintStack(stack: string): LintStack {
  let read: Promise<StackOutputs> | undefined;
  const outputs = (): Promise<StackOutputs> => (read ??= outputsOf(stack));
  return {
    async entries() {
      return stackCms(stack, await outputs()).entries("published");
    },
    async channels() {
      const { channels } = await outputs();
      return channels && { ...channels, connectors: new Map(Object.entries(channels.connectors)) };
    },
    async accepted() {
      const cluster = await stackCluster(stack);
      return acceptedOf(await cluster.list<CampaignResource>("campaigns.marketing.stack"));
    },
    audiences: (campaigns, now, sampled) =>
      onStackDatabase(stack, "reader", (client) => audienceSizes(client, campaigns, now, sampled)),
  };
}

async function outputsOf(stack: string): Promise<StackOutputs> {
  const { platform } = await stackSettings(stack);
  const toolchain = await resolveToolchain(lineProgress(), ["pulumi"]);
  const outputs = await readOutputs(stack, engineEnvironment(toolchain, backendOf(platform)));
  if (outputs) return outputs;
  throw new Error(
    `${stack} must be deployed, got no outputs of it; deploy it with npm run up -- --stack ${stack}, or leave --stack out`,
  );
}

/** Names of the campaigns of which some generation was accepted. */
export function acceptedOf(resources: readonly CampaignResource[]): ReadonlySet<string> {
  return new Set(
    resources
      .filter(({ status }) => status !== undefined && status.phase !== "pending")
      .map(({ metadata }) => metadata.name),
  );
}
