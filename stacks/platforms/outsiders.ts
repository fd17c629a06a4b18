import type { Outsiders, Place } from "../../infra/network-policies.ts";

/** Addresses of the internet; a webhook must not be a way into the networks around the cluster. */
export const internet: readonly Place[] = [
  {
    cidr: "0.0.0.0/0",
    except: [
      "10.0.0.0/8",
      "100.64.0.0/10",
      "127.0.0.0/8",
      "169.254.0.0/16",
      "172.16.0.0/12",
      "192.168.0.0/16",
    ],
  },
];

/** The cluster's own DNS, where it runs as pods. */
const kubeDns: Place = { namespace: "kube-system", labels: { "k8s-app": "kube-dns" } };

/**
 * Who is around a stack on the cluster of this machine: the machine itself, which is the node. It brings whoever uses a
 * node port, and Prometheus and the name server run on it. Its API server has a port of the machine's choosing, and nothing there
 * holds anybody to a policy.
 */
export function machineOutsiders(nodeAddress: string): Outsiders {
  const node: readonly Place[] = [{ cidr: `${nodeAddress}/32` }];
  return { visitors: node, operators: node, scrapers: node, "name-servers": node };
}

/** A node port is open to whoever reaches a node; whom that is, the network around the cluster says. */
const anybody: readonly Place[] = [{ cidr: "0.0.0.0/0" }];

/** Who is around a stack on a cluster of the user's own. */
export const ownClusterOutsiders: Outsiders = {
  visitors: anybody,
  operators: anybody,
  "name-servers": [kubeDns],
  "api-server": anybody,
};

/**
 * Who is around a stack on Google Cloud; `databaseCidr` holds the address of Cloud SQL, `nodesCidr` that of the API server: its
 * endpoint is in the subnetwork of the nodes.
 */
export function googleOutsiders(databaseCidr: string, nodesCidr: string): Outsiders {
  return {
    // Google's load balancers and their health checks.
    visitors: [{ cidr: "35.191.0.0/16" }, { cidr: "130.211.0.0/22" }],
    // Managed Prometheus; Autopilot keeps it in a namespace of its own.
    scrapers: ["gmp-system", "gke-gmp-system"].map((namespace) => ({
      namespace,
      labels: { "app.kubernetes.io/name": "collector" },
    })),
    // NodeLocal DNSCache and Cloud DNS answer at addresses of the node; which of them does is Google's choice.
    "name-servers": [kubeDns, { cidr: "169.254.20.10/32" }, { cidr: "169.254.169.254/32" }],
    "api-server": [{ cidr: nodesCidr }],
    // Private Google Access leads there by the public names, whose addresses are many and change.
    "google-apis": internet,
    // What Workload Identity answers at on each node.
    "token-servers": [{ cidr: "169.254.169.254/32" }],
    database: [{ cidr: databaseCidr }],
  };
}
