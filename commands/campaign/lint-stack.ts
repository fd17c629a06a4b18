import type { CampaignSpec } from "../../services/contract/campaign.ts";
import type { CampaignResource } from "../../services/worker/campaigns/resource.ts";
import { lineProgress } from "../../local/progress.ts";
import { resolveToolchain } from "../../local/toolchain/toolchain.ts";
import { stackCms } from "../content/stack-cms.ts";
import { backendOf, engineEnvironment } from "../engine/environment.ts";
import { readOutputs } from "../engine/outputs.ts";
import { stackSettings } from "../engine/settings.ts";
import { onStackDatabase } from "../engine/stack-database.ts";
import { audienceSizes, type Audiences } from "./audience-size.ts";
import { stackCluster } from "./cluster.ts";
import type { LintEntry } from "./lint-content.ts";

/** What campaigns are checked against where a stack is given. */
export interface LintStack {
  /** All that its CMS has published. */
  entries(): Promise<readonly LintEntry[]>;
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
  return {
    async entries() {
      const { platform } = await stackSettings(stack);
      const toolchain = await resolveToolchain(lineProgress(), ["pulumi"]);
      const outputs = await readOutputs(stack, engineEnvironment(toolchain, backendOf(platform)));
      if (!outputs) {
        throw new Error(
          `${stack} must be deployed, got no outputs of it; deploy it with npm run up -- --stack ${stack}, or leave --stack out`,
        );
      }
      return stackCms(stack, outputs).entries("published");
    },
    async accepted() {
      const cluster = await stackCluster(stack);
      return acceptedOf(await cluster.list<CampaignResource>("campaigns.marketing.stack"));
    },
    audiences: (campaigns, now, sampled) =>
      onStackDatabase(stack, "reader", (client) => audienceSizes(client, campaigns, now, sampled)),
  };
}

/** Names of the campaigns of which some generation was accepted. */
export function acceptedOf(resources: readonly CampaignResource[]): ReadonlySet<string> {
  return new Set(
    resources
      .filter(({ status }) => status !== undefined && status.phase !== "pending")
      .map(({ metadata }) => metadata.name),
  );
}
