import * as gcp from "@pulumi/gcp";
import * as pulumi from "@pulumi/pulumi";

/** Arguments of {@link GoogleApis}. */
export interface GoogleApisArgs {
  /** Google Cloud project whose APIs are switched on. */
  readonly project: string;
}

/** Each API that a component of this room calls. */
const apis = [
  "artifactregistry", // images
  "bigquery", // events for analysis
  "certificatemanager", // certificates of the public hosts
  "cloudkms", // the key of the cluster's secrets
  "cloudresourcemanager", // the nodes' role in the project
  "compute", // network, address and firewalls
  "container", // the cluster
  "dns", // names of the public hosts
  "iam", // identities of the services
  "iamcredentials", // tokens of Workload Identity
  "logging", // logs of cluster and database
  "monitoring", // metrics, alerts, uptime checks
  "pubsub", // the event stream
  "secretmanager", // secrets
  "servicenetworking", // the database's private address
  "sqladmin", // the database
  "storage", // backups, files uploaded to the CMS
];

/**
 * The Google Cloud APIs that the stack uses.
 *
 * Creates one `Service` per API. They stay on when the stack goes: others in the project may use them too.
 */
export class GoogleApis extends pulumi.ComponentResource {
  constructor(name: string, args: GoogleApisArgs, opts?: pulumi.ComponentResourceOptions) {
    super("marketing-stack:infra:GoogleApis", name, {}, opts);
    for (const api of apis) {
      new gcp.projects.Service(
        `${name}-${api}`,
        { project: args.project, service: `${api}.googleapis.com`, disableOnDestroy: false },
        { parent: this },
      );
    }
    this.registerOutputs({});
  }
}
