import * as k8s from "@pulumi/kubernetes";
import * as pulumi from "@pulumi/pulumi";

/** Arguments of {@link CampaignDefinition}. */
export interface CampaignDefinitionArgs {
  /** The `CustomResourceDefinition` of campaigns. */
  readonly definition: object;
}

/**
 * What campaigns are, for all stacks of one cluster.
 *
 * Creates one `CustomResourceDefinition`, which outlives the stack: with it all campaigns of the cluster would go.
 */
export class CampaignDefinition extends pulumi.ComponentResource {
  constructor(name: string, args: CampaignDefinitionArgs, opts?: pulumi.ComponentResourceOptions) {
    super("marketing-stack:infra:CampaignDefinition", name, {}, opts);

    const definition = args.definition as k8s.apiextensions.v1.CustomResourceDefinitionArgs;
    new k8s.apiextensions.v1.CustomResourceDefinition(
      name,
      {
        ...definition,
        // Another stack of the cluster, or an earlier one, may have made it.
        metadata: { ...definition.metadata, annotations: { "pulumi.com/patchForce": "true" } },
      },
      { parent: this, retainOnDelete: true },
    );

    this.registerOutputs({});
  }
}
