import { PrivateNetwork } from "../../infra/private-network.ts";
import { registrationsOf } from "../mocks.ts";

const args = { project: "prod-project", region: "europe-west1", labels: { env: "prod" } };
const own = "marketing-stack:infra:PrivateNetwork";

test("creates a VPC without public addresses, its ways out, and a peering with managed services", async () => {
  expect(await registrationsOf(() => new PrivateNetwork("network", args))).toEqual([
    { path: `${own}::network`, inputs: {} },
    {
      path: `${own}$gcp:compute/globalAddress:GlobalAddress::network-managed-services`,
      inputs: {
        address: "10.72.0.0",
        addressType: "INTERNAL",
        labels: { env: "prod" },
        name: "marketing-stack-managed-services",
        network: "network-id",
        prefixLength: 20,
        project: "prod-project",
        purpose: "VPC_PEERING",
      },
    },
    {
      path: `${own}$gcp:compute/network:Network::network`,
      inputs: {
        autoCreateSubnetworks: false,
        name: "marketing-stack",
        project: "prod-project",
        routingMode: "REGIONAL",
      },
    },
    {
      path: `${own}$gcp:compute/router:Router::network`,
      inputs: {
        name: "marketing-stack",
        network: "network-id",
        project: "prod-project",
        region: "europe-west1",
      },
    },
    {
      path: `${own}$gcp:compute/routerNat:RouterNat::network`,
      inputs: {
        logConfig: { enable: true, filter: "ERRORS_ONLY" },
        name: "marketing-stack",
        natIpAllocateOption: "AUTO_ONLY",
        project: "prod-project",
        region: "europe-west1",
        router: "marketing-stack",
        sourceSubnetworkIpRangesToNat: "LIST_OF_SUBNETWORKS",
        subnetworks: [{ name: "network-id", sourceIpRangesToNats: ["ALL_IP_RANGES"] }],
      },
    },
    {
      path: `${own}$gcp:compute/subnetwork:Subnetwork::network`,
      inputs: {
        ipCidrRange: "10.10.0.0/20",
        logConfig: {
          aggregationInterval: "INTERVAL_10_MIN",
          flowSampling: 0.5,
          metadata: "INCLUDE_ALL_METADATA",
        },
        name: "marketing-stack",
        network: "network-id",
        privateIpGoogleAccess: true,
        project: "prod-project",
        region: "europe-west1",
        secondaryIpRanges: [
          { ipCidrRange: "10.64.0.0/17", rangeName: "pods" },
          { ipCidrRange: "10.68.0.0/20", rangeName: "services" },
        ],
        stackType: "IPV4_ONLY",
      },
    },
    {
      path: `${own}$gcp:servicenetworking/connection:Connection::network-managed-services`,
      inputs: {
        deletionPolicy: "ABANDON",
        network: "network-id",
        reservedPeeringRanges: ["marketing-stack-managed-services"],
        service: "servicenetworking.googleapis.com",
      },
    },
  ]);
});
