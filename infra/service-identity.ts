import * as gcp from "@pulumi/gcp";
import * as pulumi from "@pulumi/pulumi";
import { requireLeastRole } from "./least-role.ts";

/** One role on one resource. */
export type Grant =
  | { readonly role: string; readonly topic: pulumi.Input<string> }
  | { readonly role: string; readonly secret: pulumi.Input<string> }
  | { readonly role: string; readonly bucket: pulumi.Input<string> };

/** Arguments of {@link ServiceIdentity}. */
export interface ServiceIdentityArgs {
  /** Google Cloud project. */
  readonly project: string;

  /** Namespace that the service runs in. */
  readonly namespace: string;

  /** Name of the service and of its Kubernetes service account: 1-20 characters of `[a-z0-9-]`. */
  readonly service: string;

  /** What the service may do, by a name for each; a role is a predefined one of one Google service. */
  readonly grants: Readonly<Record<string, Grant>>;
}

/**
 * As whom one service calls Google Cloud: a service account that the service's pods alone can act as.
 *
 * Creates an `Account`, the binding of its Kubernetes service account (Workload Identity), and one grant on one resource
 * per entry of `grants`. There are no keys.
 *
 * @throws Error if `service` is wrong, or a role may more than one task asks for.
 */
export class ServiceIdentity extends pulumi.ComponentResource {
  /** E-mail address: the Kubernetes service account's annotation `iam.gke.io/gcp-service-account`. */
  public readonly email: string;

  constructor(name: string, args: ServiceIdentityArgs, opts?: pulumi.ComponentResourceOptions) {
    super("marketing-stack:infra:ServiceIdentity", name, {}, opts);
    requireServiceName(args.service);
    for (const [grant, { role }] of Object.entries(args.grants)) requireLeastRole(grant, role);

    const { project } = args;
    const accountId = `marketing-${args.service}`;
    const account = new gcp.serviceaccount.Account(
      name,
      { project, accountId, displayName: `Service ${args.service} of the marketing stack` },
      { parent: this },
    );
    new gcp.serviceaccount.IAMMember(
      `${name}-workload`,
      {
        serviceAccountId: account.name,
        role: "roles/iam.workloadIdentityUser",
        member: `serviceAccount:${project}.svc.id.goog[${args.namespace}/${args.service}]`,
      },
      { parent: this },
    );
    const member = pulumi.interpolate`serviceAccount:${account.email}`;
    for (const [key, grant] of Object.entries(args.grants)) {
      const { role } = grant;
      if ("topic" in grant) {
        new gcp.pubsub.TopicIAMMember(
          `${name}-${key}`,
          { project, topic: grant.topic, role, member },
          { parent: this },
        );
      } else if ("secret" in grant) {
        new gcp.secretmanager.SecretIamMember(
          `${name}-${key}`,
          { project, secretId: grant.secret, role, member },
          { parent: this },
        );
      } else {
        new gcp.storage.BucketIAMMember(
          `${name}-${key}`,
          { bucket: grant.bucket, role, member },
          { parent: this },
        );
      }
    }

    this.email = `${accountId}@${project}.iam.gserviceaccount.com`;
    this.registerOutputs({ email: this.email });
  }
}

function requireServiceName(service: string): void {
  if (!/^[a-z0-9-]{1,20}$/.test(service)) {
    throw new Error(`service must be 1-20 characters of [a-z0-9-], got ${JSON.stringify(service)}`);
  }
}
