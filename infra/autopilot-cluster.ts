import * as gcp from "@pulumi/gcp";
import * as pulumi from "@pulumi/pulumi";
import { dataProtection } from "./data-protection.ts";
import { EncryptionKey } from "./encryption-key.ts";

/** Arguments of {@link AutopilotCluster}. */
export interface AutopilotClusterArgs {
  /** Google Cloud project. */
  readonly project: string;

  /** Number of the project: names Google's own service account for clusters. */
  readonly projectNumber: string;

  /** Region, as `europe-west1`. */
  readonly region: string;

  /** Id of the VPC. */
  readonly network: pulumi.Input<string>;

  /** Id of the subnetwork of the nodes. */
  readonly subnetwork: pulumi.Input<string>;

  /** Name of the subnetwork's range for pods. */
  readonly podsRange: string;

  /** Name of the subnetwork's range for services. */
  readonly servicesRange: string;

  /** Whether the cluster outlives the stack, and Google refuses to delete it. */
  readonly protectData: boolean;

  /** Labels of everything that takes some. */
  readonly labels: Readonly<Record<string, string>>;
}

/** When Google may update the cluster, UTC: nights before a working day. */
const maintenance = {
  startTime: "2026-01-06T02:00:00Z",
  endTime: "2026-01-06T08:00:00Z",
  recurrence: "FREQ=WEEKLY;BYDAY=TU,WE,TH",
};

/**
 * The Kubernetes of one stack on Google Cloud: GKE Autopilot.
 *
 * Creates the cluster, a key of Cloud KMS that encrypts its Secrets, and an identity of the nodes that may write logs
 * and metrics and nothing else.
 *
 * Nodes have no public address. The control plane has no address at all: it is reached by its DNS name, where Google
 * asks IAM (`container.clusters.connect`) before a request gets to Kubernetes. So a pipeline whose addresses change
 * needs no list of networks, and nothing is open to who has no account.
 */
export class AutopilotCluster extends pulumi.ComponentResource {
  /** Kubeconfig that logs in by `gke-gcloud-auth-plugin` (secret). */
  public readonly kubeconfig: pulumi.Output<string>;

  /** E-mail address of the nodes' service account. */
  public readonly nodeServiceAccount: pulumi.Output<string>;

  constructor(name: string, args: AutopilotClusterArgs, opts?: pulumi.ComponentResourceOptions) {
    super("marketing-stack:infra:AutopilotCluster", name, {}, opts);
    const { project, region } = args;

    const nodes = new gcp.serviceaccount.Account(
      `${name}-nodes`,
      { project, accountId: "marketing-nodes", displayName: "Nodes of the marketing stack" },
      { parent: this },
    );
    const nodeRole = new gcp.projects.IAMMember(
      `${name}-nodes`,
      {
        project,
        role: "roles/container.defaultNodeServiceAccount",
        member: pulumi.interpolate`serviceAccount:${nodes.email}`,
      },
      { parent: this },
    );
    const secretsKey = new EncryptionKey(
      `${name}-secrets`,
      {
        project,
        region,
        keyName: "cluster-secrets",
        user: `service-${args.projectNumber}@container-engine-robot.iam.gserviceaccount.com`,
        protectData: args.protectData,
        labels: args.labels,
      },
      { parent: this },
    );
    const cluster = new gcp.container.Cluster(
      name,
      {
        project,
        location: region,
        name: "marketing-stack",
        enableAutopilot: true,
        deletionProtection: args.protectData,
        resourceLabels: args.labels,
        releaseChannel: { channel: "REGULAR" },
        maintenancePolicy: { recurringWindow: maintenance },
        network: args.network,
        subnetwork: args.subnetwork,
        ipAllocationPolicy: {
          clusterSecondaryRangeName: args.podsRange,
          servicesSecondaryRangeName: args.servicesRange,
        },
        privateClusterConfig: { enablePrivateNodes: true },
        controlPlaneEndpointsConfig: {
          dnsEndpointConfig: { allowExternalTraffic: true },
          ipEndpointsConfig: { enabled: false },
        },
        datapathProvider: "ADVANCED_DATAPATH",
        gatewayApiConfig: { channel: "CHANNEL_STANDARD" },
        databaseEncryption: { state: "ENCRYPTED", keyName: secretsKey.id },
        workloadIdentityConfig: { workloadPool: `${project}.svc.id.goog` },
        clusterAutoscaling: { autoProvisioningDefaults: { serviceAccount: nodes.email } },
        loggingConfig: { enableComponents: ["SYSTEM_COMPONENTS", "WORKLOADS"] },
        monitoringConfig: {
          enableComponents: ["SYSTEM_COMPONENTS"],
          managedPrometheus: { enabled: true },
        },
      },
      { parent: this, dependsOn: [nodeRole], ...dataProtection(args.protectData) },
    );

    this.nodeServiceAccount = nodes.email;
    this.kubeconfig = pulumi.secret(
      cluster.controlPlaneEndpointsConfig.apply(({ dnsEndpointConfig }) =>
        kubeconfigOf(dnsEndpointConfig.endpoint),
      ),
    );
    this.registerOutputs({
      kubeconfig: this.kubeconfig,
      nodeServiceAccount: this.nodeServiceAccount,
    });
  }
}

/** The endpoint's certificate is one of a public authority, so none is named here. */
function kubeconfigOf(endpoint: string): string {
  return JSON.stringify({
    apiVersion: "v1",
    kind: "Config",
    clusters: [{ name: "gke", cluster: { server: `https://${endpoint}` } }],
    users: [
      {
        name: "gke",
        user: {
          exec: {
            apiVersion: "client.authentication.k8s.io/v1beta1",
            command: "gke-gcloud-auth-plugin",
            installHint: "gcloud components install gke-gcloud-auth-plugin",
            interactiveMode: "Never",
            provideClusterInfo: true,
          },
        },
      },
    ],
    contexts: [{ name: "gke", context: { cluster: "gke", user: "gke" } }],
    "current-context": "gke",
  });
}
