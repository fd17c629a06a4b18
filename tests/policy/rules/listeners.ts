import type { Case } from "../case.ts";
import { cluster, database, service, withSettings } from "../good.ts";

type Props = Readonly<Record<string, unknown>>;

function of(type: string, what: string, good: Props, mutant: Props, says: string): Case {
  return { rule: "listeners", what, type, stack: "prod", good, mutant, says: [says] };
}

const SERVICE = "kubernetes:core/v1:Service";
const GATEWAY = "kubernetes:gateway.networking.k8s.io/v1:Gateway";
const ROUTE = "kubernetes:gateway.networking.k8s.io/v1:HTTPRoute";
const SQL = "gcp:sql/databaseInstance:DatabaseInstance";
const GKE = "gcp:container/cluster:Cluster";
const FIREWALL = "gcp:compute/firewall:Firewall";
const tcp = [{ protocol: "tcp", ports: ["8080"] }];
const inside = { allows: tcp, sourceRanges: ["10.0.0.0/8"] };
const nodePorts = (...ports: (number | undefined)[]): Props =>
  service({ type: "NodePort", ports: ports.map((nodePort) => ({ port: 8080, nodePort })) });
const disk = { initializeParams: { image: "debian-cloud/debian-12" } };
const machine = { machineType: "e2-small", zone: "europe-west1-b", bootDisk: disk };
const nodePortSays = (got: string): string =>
  `nodePort must be one of [30100,30101], got ${got}; take one of the four from portBase`;
const forwardingSays =
  'loadBalancingScheme must be INTERNAL or INTERNAL_MANAGED, got "EXTERNAL"; what is public goes through the gateway';

/** Mutants of what listens, each with its good twin. */
export const listenerCases: readonly Case[] = [
  of(
    SERVICE,
    "a load balancer of its own",
    service({ type: "ClusterIP" }),
    service({ type: "LoadBalancer" }),
    "spec.type must be ClusterIP or NodePort, got LoadBalancer; take the gateway",
  ),
  of(
    SERVICE,
    "addresses from outside",
    service({ type: "ClusterIP" }),
    service({ type: "ClusterIP", externalIPs: ["203.0.113.1"] }),
    'spec.externalIPs must be empty, got ["203.0.113.1"]; take the gateway',
  ),
  {
    ...of(
      SERVICE,
      "a node port that the stack does not have",
      nodePorts(30101),
      nodePorts(30101, 32000),
      nodePortSays("32000"),
    ),
    stack: "dev",
  },
  {
    ...of(
      SERVICE,
      "a node port that nobody chose",
      nodePorts(30100),
      nodePorts(undefined),
      nodePortSays("nothing"),
    ),
    stack: "dev",
  },
  {
    ...of(
      "kubernetes:networking.k8s.io/v1:Ingress",
      "an Ingress",
      {
        spec: {
          parentRefs: [{ name: "public", sectionName: "https" }],
          hostnames: ["cms.example.com"],
        },
      },
      { spec: { defaultBackend: { service: { name: "app", port: { number: 80 } } } } },
      "kind must be HTTPRoute, got Ingress; what is public goes through the gateway",
    ),
    type: ROUTE,
    mutantType: "kubernetes:networking.k8s.io/v1:Ingress",
  },
  {
    ...of(
      GATEWAY,
      "a gateway where nothing is public",
      {},
      {},
      "Gateway must belong to a stack with public hosts, got none; only platform gke has some",
    ),
    mutantStack: "dev",
  },
  of(
    ROUTE,
    "a host that the stack does not declare",
    { spec: { hostnames: ["cms.example.com"] } },
    { spec: { hostnames: ["cms.example.com", "worker.example.com"] } },
    'spec.hostnames must be of ["cms.example.com"], got "worker.example.com"; declare it in stacks/platforms/public-hosts.ts',
  ),
  of(
    ROUTE,
    "every host",
    { spec: { hostnames: ["cms.example.com"] } },
    { spec: {} },
    'spec.hostnames must be of ["cms.example.com"], got "*"; declare it in stacks/platforms/public-hosts.ts',
  ),
  of(
    SQL,
    "a public address",
    database,
    withSettings({ ipConfiguration: { sslMode: "ENCRYPTED_ONLY", ipv4Enabled: true } }),
    "settings.ipConfiguration.ipv4Enabled must be false, got true; take the private address",
  ),
  of(
    SQL,
    "networks let in",
    database,
    withSettings({
      ipConfiguration: { ipv4Enabled: false, authorizedNetworks: [{ value: "0.0.0.0/0" }] },
    }),
    "settings.ipConfiguration.authorizedNetworks must be empty, got 1; nobody outside reaches it",
  ),
  of(
    GKE,
    "public nodes",
    cluster,
    { ...cluster, privateClusterConfig: { enablePrivateNodes: false } },
    "privateClusterConfig.enablePrivateNodes must be true, got false; nodes have no public address",
  ),
  of(
    GKE,
    "a control plane with an address",
    cluster,
    { ...cluster, controlPlaneEndpointsConfig: { ipEndpointsConfig: { enabled: true } } },
    "controlPlaneEndpointsConfig.ipEndpointsConfig.enabled must be false, got true; take its DNS name, where IAM decides",
  ),
  ...["0.0.0.0/0", "::/0", "128.0.0.0/1"].map((range) =>
    of(
      FIREWALL,
      `sources of ${range}`,
      inside,
      { allows: tcp, sourceRanges: [range] },
      `sourceRanges must name ranges of /8 or narrower, got ${range}; what is public goes through the gateway`,
    ),
  ),
  of(
    FIREWALL,
    "no source, which is everybody",
    { allows: tcp, sourceTags: ["app"] },
    { allows: tcp, sourceTags: [] },
    "sourceRanges must name ranges of /8 or narrower, got nothing; what is public goes through the gateway",
  ),
  of(
    "gcp:compute/forwardingRule:ForwardingRule",
    "a public load balancer",
    { loadBalancingScheme: "INTERNAL" },
    { loadBalancingScheme: "EXTERNAL" },
    forwardingSays,
  ),
  of(
    "gcp:compute/globalForwardingRule:GlobalForwardingRule",
    "a public load balancer",
    { loadBalancingScheme: "INTERNAL_MANAGED" },
    { loadBalancingScheme: "EXTERNAL" },
    forwardingSays,
  ),
  of(
    "gcp:compute/instance:Instance",
    "a public address",
    { ...machine, networkInterfaces: [{ network: "network" }] },
    { ...machine, networkInterfaces: [{ network: "network", accessConfigs: [{}] }] },
    "networkInterfaces.accessConfigs must be empty, got a public address; take the gateway",
  ),
];
