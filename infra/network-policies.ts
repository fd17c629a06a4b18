import * as k8s from "@pulumi/kubernetes";
import * as pulumi from "@pulumi/pulumi";
import { flows, stackPods, type Flow, type Outsider, type Party } from "./flows.ts";

type NetworkPolicySpec = k8s.types.input.networking.v1.NetworkPolicySpec;
type NetworkPolicyPeer = k8s.types.input.networking.v1.NetworkPolicyPeer;
type LabelSelector = k8s.types.input.meta.v1.LabelSelector;

/** A place outside the stack: addresses, or the pods of another namespace that have all of `labels`. */
export type Place =
  | { readonly cidr: string; readonly except?: readonly string[] }
  | { readonly namespace: string; readonly labels: Readonly<Record<string, string>> };

/** Where the outsiders are on a platform; a flow from or to one that has no place here does not exist there. */
export type Outsiders = Readonly<Partial<Record<Outsider, readonly Place[]>>>;

/** Arguments of {@link NetworkPolicies}. */
export interface NetworkPoliciesArgs {
  /** Namespace of the stack. */
  readonly namespace: string;

  /** Where who is no pod of the stack is. */
  readonly outsiders: Outsiders;
}

/**
 * Who may connect to whom in the namespace of one stack: the flows of `infra/flows.ts`, and nobody else.
 *
 * Creates one `NetworkPolicy` `default-deny`, and for each flow one at each of its ends that is a pod of the stack:
 * `<flow>-egress` and `<flow>-ingress`. Each carries the reason of its flow as annotation `marketing.stack/why`.
 */
export class NetworkPolicies extends pulumi.ComponentResource {
  constructor(name: string, args: NetworkPoliciesArgs, opts?: pulumi.ComponentResourceOptions) {
    super("marketing-stack:infra:NetworkPolicies", name, {}, opts);
    const policy = (
      suffix: string,
      objectName: string,
      spec: NetworkPolicySpec,
      annotations?: Record<string, string>,
    ): k8s.networking.v1.NetworkPolicy =>
      new k8s.networking.v1.NetworkPolicy(
        `${name}${suffix}`,
        {
          metadata: {
            name: objectName,
            namespace: args.namespace,
            labels: { "app.kubernetes.io/part-of": "marketing-stack" },
            annotations,
          },
          spec,
        },
        { parent: this },
      );

    policy("", "default-deny", { podSelector: {}, policyTypes: ["Ingress", "Egress"] });
    for (const [key, flow] of Object.entries(flows)) {
      for (const [end, spec] of Object.entries(policiesOf(flow, args.outsiders))) {
        policy(`-${key}-${end}`, `${key}-${end}`, spec, { "marketing.stack/why": flow.why });
      }
    }

    this.registerOutputs({});
  }
}

/** What lets the connections of one flow through, by the end that it stands at; empty if the flow does not exist. */
export function policiesOf(
  { from, to, port, protocols = ["TCP"] }: Flow,
  outsiders: Outsiders,
): { egress?: NetworkPolicySpec; ingress?: NetworkPolicySpec } {
  const sources = partiesOf(from, outsiders);
  const targets = partiesOf(to, outsiders);
  if (sources.peers.length === 0 || targets.peers.length === 0) return {};
  const ports = protocols.map((protocol) => ({ protocol, port }));
  return {
    ...(sources.pods && {
      egress: {
        podSelector: sources.pods,
        policyTypes: ["Egress"],
        egress: [{ to: targets.peers, ports }],
      },
    }),
    ...(targets.pods && {
      ingress: {
        podSelector: targets.pods,
        policyTypes: ["Ingress"],
        ingress: [{ from: sources.peers, ports }],
      },
    }),
  };
}

/** How policies name these parties: as peers, and those that are pods of the stack also as a selector. */
function partiesOf(
  parties: readonly Party[],
  outsiders: Outsiders,
): { pods?: LabelSelector; peers: NetworkPolicyPeer[] } {
  const names = parties.filter((party) => isPod(party) && !(party in outsiders));
  const places = parties.flatMap((party) => outsiders[party as Outsider] ?? []).map(peerOf);
  if (names.length === 0) return { peers: places };
  const pods = {
    matchExpressions: [{ key: "app.kubernetes.io/name", operator: "In", values: names }],
  };
  return { pods, peers: [{ podSelector: pods }, ...places] };
}

function isPod(party: Party): boolean {
  return (stackPods as readonly Party[]).includes(party);
}

function peerOf(place: Place): NetworkPolicyPeer {
  if ("cidr" in place) return { ipBlock: { cidr: place.cidr, except: place.except?.slice() } };
  return {
    namespaceSelector: { matchLabels: { "kubernetes.io/metadata.name": place.namespace } },
    podSelector: { matchLabels: { ...place.labels } },
  };
}
