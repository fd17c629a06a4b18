import * as k8s from "@pulumi/kubernetes";
import * as pulumi from "@pulumi/pulumi";

/** Arguments of {@link Campaigns}. */
export interface CampaignsArgs {
  /** Namespace of the stack. */
  readonly namespace: string;

  /** What each campaign is, by name, as `spec` of the custom resource has it. */
  readonly campaigns: Readonly<Record<string, object>>;
}

/** How long the worker may take to accept a campaign: it asks the CMS, which may just have started. */
const PATIENCE = "3m";

/**
 * The campaigns of one stack.
 *
 * Creates a custom resource `Campaign` for each, there once the worker has accepted it as it is declared.
 */
export class Campaigns extends pulumi.ComponentResource {
  constructor(name: string, args: CampaignsArgs, opts?: pulumi.ComponentResourceOptions) {
    super("marketing-stack:infra:Campaigns", name, {}, opts);

    for (const [campaign, spec] of Object.entries(args.campaigns)) {
      new k8s.apiextensions.CustomResource(
        `${name}-${campaign}`,
        {
          apiVersion: "marketing.stack/v1alpha1",
          kind: "Campaign",
          metadata: {
            name: campaign,
            namespace: args.namespace,
            labels: { "app.kubernetes.io/part-of": "marketing-stack" },
            annotations: { "pulumi.com/waitFor": "condition=Ready" },
          },
          spec,
        },
        { parent: this, customTimeouts: { create: PATIENCE, update: PATIENCE } },
      );
    }

    this.registerOutputs({});
  }
}
