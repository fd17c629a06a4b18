import * as gcp from "@pulumi/gcp";
import * as pulumi from "@pulumi/pulumi";

/** Arguments of {@link PrivateNetwork}. */
export interface PrivateNetworkArgs {
  /** Google Cloud project. */
  readonly project: string;

  /** Region of the subnetwork, as `europe-west1`. */
  readonly region: string;

  /** Labels of everything that takes some. */
  readonly labels: Readonly<Record<string, string>>;
}

/** Addresses in use, as CIDR ranges. They do not overlap. */
const NODES = "10.10.0.0/20";
const PODS = "10.64.0.0/17";
const SERVICES = "10.68.0.0/20";
const MANAGED_SERVICES = { address: "10.72.0.0", prefixLength: 20 };

/**
 * The private network of one stack: nothing in it has a public address.
 *
 * Creates a VPC with one subnetwork (ranges for nodes, pods and services, flow logs), a router with NAT for what goes
 * out, and a peering with Google's managed services, through which the database gets its private address.
 */
export class PrivateNetwork extends pulumi.ComponentResource {
  /** Id of the VPC. */
  public readonly network: pulumi.Output<string>;

  /** Id of the VPC; resolves when managed services can get an address in it. */
  public readonly peeredNetwork: pulumi.Output<string>;

  /** Id of the subnetwork. */
  public readonly subnetwork: pulumi.Output<string>;

  /** Name of the subnetwork's range for pods. */
  public readonly podsRange = "pods";

  /** Name of the subnetwork's range for services. */
  public readonly servicesRange = "services";

  /** Addresses of managed services, the database among them, as a CIDR range. */
  public readonly managedServicesCidr = `${MANAGED_SERVICES.address}/${MANAGED_SERVICES.prefixLength}`;

  /** Addresses of the nodes and of the cluster's API server, as a CIDR range. */
  public readonly nodesCidr = NODES;

  constructor(name: string, args: PrivateNetworkArgs, opts?: pulumi.ComponentResourceOptions) {
    super("marketing-stack:infra:PrivateNetwork", name, {}, opts);
    const { project, region } = args;
    const parent = { parent: this };

    const network = new gcp.compute.Network(
      name,
      { project, name: "marketing-stack", autoCreateSubnetworks: false, routingMode: "REGIONAL" },
      parent,
    );
    const subnetwork = new gcp.compute.Subnetwork(
      name,
      {
        project,
        region,
        name: "marketing-stack",
        network: network.id,
        ipCidrRange: NODES,
        secondaryIpRanges: [
          { rangeName: this.podsRange, ipCidrRange: PODS },
          { rangeName: this.servicesRange, ipCidrRange: SERVICES },
        ],
        privateIpGoogleAccess: true,
        stackType: "IPV4_ONLY",
        logConfig: {
          aggregationInterval: "INTERVAL_10_MIN",
          flowSampling: 0.5,
          metadata: "INCLUDE_ALL_METADATA",
        },
      },
      parent,
    );
    const router = new gcp.compute.Router(
      name,
      { project, region, name: "marketing-stack", network: network.id },
      parent,
    );
    new gcp.compute.RouterNat(
      name,
      {
        project,
        region,
        name: "marketing-stack",
        router: router.name,
        natIpAllocateOption: "AUTO_ONLY",
        sourceSubnetworkIpRangesToNat: "LIST_OF_SUBNETWORKS",
        subnetworks: [{ name: subnetwork.id, sourceIpRangesToNats: ["ALL_IP_RANGES"] }],
        logConfig: { enable: true, filter: "ERRORS_ONLY" },
      },
      parent,
    );
    const range = new gcp.compute.GlobalAddress(
      `${name}-managed-services`,
      {
        project,
        name: "marketing-stack-managed-services",
        addressType: "INTERNAL",
        purpose: "VPC_PEERING",
        network: network.id,
        ...MANAGED_SERVICES,
        labels: args.labels,
      },
      parent,
    );
    const peering = new gcp.servicenetworking.Connection(
      `${name}-managed-services`,
      {
        network: network.id,
        service: "servicenetworking.googleapis.com",
        reservedPeeringRanges: [range.name],
        // Google refuses to end a peering for days after its last user has gone.
        deletionPolicy: "ABANDON",
      },
      parent,
    );

    this.network = network.id;
    this.peeredNetwork = pulumi.all([network.id, peering.id]).apply(([id]) => id);
    this.subnetwork = subnetwork.id;
    this.registerOutputs({
      network: this.network,
      peeredNetwork: this.peeredNetwork,
      subnetwork: this.subnetwork,
      podsRange: this.podsRange,
      servicesRange: this.servicesRange,
      managedServicesCidr: this.managedServicesCidr,
      nodesCidr: this.nodesCidr,
    });
  }
}
