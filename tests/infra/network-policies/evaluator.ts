import type { types } from "@pulumi/kubernetes";

type Spec = types.output.networking.v1.NetworkPolicySpec;
type Peer = types.output.networking.v1.NetworkPolicyPeer;
type Port = types.output.networking.v1.NetworkPolicyPort;
type Selector = types.output.meta.v1.LabelSelector;

/** What the API server would hand to whoever enforces it. */
export interface Policy {
  readonly metadata: { readonly name: string; readonly namespace: string };
  readonly spec: Spec;
}

/** One end of a connection; a pod has a namespace and labels, other addresses have none. */
export interface End {
  readonly ip: string;
  readonly namespace?: string;
  readonly labels?: Readonly<Record<string, string>>;
}

/** A connection from one end to a port of the other. */
export interface Connection {
  readonly from: End;
  readonly to: End;
  readonly port: number;
  readonly protocol: "TCP" | "UDP";
}

/**
 * Whether Kubernetes lets a connection through: the union of the policies at its source and at its target, where an end
 * that no policy selects is open.
 *
 * Takes the wider reading where network plugins differ: an `ipBlock` also covers pods that have its addresses. Traffic of
 * a pod's own node, which is always allowed, is not modelled, nor are named ports.
 */
export function isAllowed(policies: readonly Policy[], connection: Connection): boolean {
  const { from, to } = connection;
  const passes = (direction: "Ingress" | "Egress", own: End, other: End): boolean => {
    const selecting = policies.filter(
      ({ metadata, spec }) =>
        metadata.namespace === own.namespace &&
        matches(spec.podSelector, own.labels) &&
        directionsOf(spec).includes(direction),
    );
    return (
      selecting.length === 0 ||
      selecting.some(({ metadata, spec }) => {
        const rules =
          direction === "Ingress"
            ? (spec.ingress ?? []).map(({ from, ports }) => ({ peers: from, ports }))
            : (spec.egress ?? []).map(({ to, ports }) => ({ peers: to, ports }));
        return rules.some(
          ({ peers, ports }) =>
            isAnyOr(ports, (port) => isPort(port, connection)) &&
            isAnyOr(peers, (peer) => isPeer(peer, other, metadata.namespace)),
        );
      })
    );
  };
  return passes("Egress", from, to) && passes("Ingress", to, from);
}

function directionsOf(spec: Spec): readonly string[] {
  return spec.policyTypes ?? ["Ingress", ...(spec.egress ? ["Egress"] : [])];
}

/** An absent or empty list allows everything. */
function isAnyOr<T>(list: readonly T[] | undefined, isMatch: (item: T) => boolean): boolean {
  return !list?.length || list.some(isMatch);
}

function isPeer(peer: Peer, end: End, namespace: string): boolean {
  if (peer.ipBlock) {
    const { cidr, except = [] } = peer.ipBlock;
    return covers(cidr, end.ip) && !except.some((hole) => covers(hole, end.ip));
  }
  if (end.namespace === undefined) return false;
  const isInNamespace = peer.namespaceSelector
    ? matches(peer.namespaceSelector, { "kubernetes.io/metadata.name": end.namespace })
    : end.namespace === namespace;
  return isInNamespace && (!peer.podSelector || matches(peer.podSelector, end.labels));
}

function isPort({ port, endPort, protocol }: Port, connection: Connection): boolean {
  if ((protocol ?? "TCP") !== connection.protocol) return false;
  if (port === undefined) return true;
  return connection.port >= Number(port) && connection.port <= (endPort ?? Number(port));
}

function matches(selector: Selector, labels: End["labels"] = {}): boolean {
  const { matchLabels = {}, matchExpressions = [] } = selector;
  return (
    Object.entries(matchLabels).every(([key, value]) => labels[key] === value) &&
    matchExpressions.every(({ key, operator, values = [] }) => {
      const value = labels[key];
      switch (operator) {
        case "In":
          return value !== undefined && values.includes(value);
        case "NotIn":
          return value === undefined || !values.includes(value);
        case "Exists":
          return value !== undefined;
        case "DoesNotExist":
          return value === undefined;
        default:
          throw new Error(`operator must be one of Kubernetes', got ${JSON.stringify(operator)}`);
      }
    })
  );
}

function covers(cidr: string, ip: string): boolean {
  const [network = "", bits] = cidr.split("/");
  const size = 2 ** (32 - Number(bits));
  return Math.floor(asNumber(ip) / size) === Math.floor(asNumber(network) / size);
}

function asNumber(ip: string): number {
  return ip.split(".").reduce((number, octet) => number * 256 + Number(octet), 0);
}
