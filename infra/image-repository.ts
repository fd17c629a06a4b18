import * as gcp from "@pulumi/gcp";
import * as pulumi from "@pulumi/pulumi";
import { dataProtection } from "./data-protection.ts";

/** Arguments of {@link ImageRepository}. */
export interface ImageRepositoryArgs {
  /** Google Cloud project. */
  readonly project: string;

  /** Region, as `europe-west1`. */
  readonly region: string;

  /** Name of the repository: 1-63 characters of `[a-z0-9-]`. */
  readonly repositoryId: string;

  /** E-mail address of the service account that pulls images: the nodes'. */
  readonly reader: pulumi.Input<string>;

  /** Whether the images outlive the stack: releases name them. */
  readonly protectData: boolean;

  /** Labels of everything that takes some. */
  readonly labels: Readonly<Record<string, string>>;
}

/**
 * Where the images of one stack lie: a Docker repository of Artifact Registry.
 *
 * Creates the repository and lets one service account read it. A tag never moves. There is no clean-up policy, because
 * none knows which images a release names.
 */
export class ImageRepository extends pulumi.ComponentResource {
  constructor(name: string, args: ImageRepositoryArgs, opts?: pulumi.ComponentResourceOptions) {
    super("marketing-stack:infra:ImageRepository", name, {}, opts);
    const { project, region } = args;

    const repository = new gcp.artifactregistry.Repository(
      name,
      {
        project,
        location: region,
        repositoryId: args.repositoryId,
        format: "DOCKER",
        dockerConfig: { immutableTags: true },
        labels: args.labels,
      },
      { parent: this, ...dataProtection(args.protectData) },
    );
    new gcp.artifactregistry.RepositoryIamMember(
      `${name}-reader`,
      {
        project,
        location: region,
        repository: repository.repositoryId,
        role: "roles/artifactregistry.reader",
        member: pulumi.interpolate`serviceAccount:${args.reader}`,
      },
      { parent: this },
    );

    this.registerOutputs({});
  }
}
