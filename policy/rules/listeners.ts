import type { Rule, StackDeclaration } from "../rule.ts";
import { cloudListeners } from "./cloud-listeners.ts";

type Fields = Readonly<Record<string, unknown>>;

const kinds: Readonly<Record<string, (props: Fields, stack: StackDeclaration) => string[]>> = {
  "kubernetes:core/v1:Service": service,
  "kubernetes:networking.k8s.io/v1:Ingress": () => [
    "kind must be HTTPRoute, got Ingress; what is public goes through the gateway",
  ],
  "kubernetes:gateway.networking.k8s.io/v1:Gateway": (_props, { publicHosts }) =>
    publicHosts.length > 0
      ? []
      : ["Gateway must belong to a stack with public hosts, got none; only platform gke has some"],
  "kubernetes:gateway.networking.k8s.io/v1:HTTPRoute": route,
  ...cloudListeners,
};

/** Nothing listens for the public that the stack does not declare. */
export const listeners: Rule = {
  name: "listeners",
  description: "Nothing listens for the public that the stack does not declare.",
  check: ({ type, props }, stack) => kinds[type]?.(props, stack) ?? [],
};

function service(props: Fields, { nodePorts }: StackDeclaration): string[] {
  const { type, externalIPs, ports } = (props.spec ?? {}) as {
    type?: string;
    externalIPs?: readonly string[];
    ports?: readonly { nodePort?: number }[];
  };
  const undeclared = (ports ?? [])
    .map(({ nodePort }) => nodePort)
    // Without a number the cluster chooses one that nobody knows.
    .filter((port) => (port === undefined ? type === "NodePort" : !nodePorts.includes(port)));
  return [
    ...(type === "LoadBalancer"
      ? ["spec.type must be ClusterIP or NodePort, got LoadBalancer; take the gateway"]
      : []),
    ...(externalIPs?.length
      ? [`spec.externalIPs must be empty, got ${JSON.stringify(externalIPs)}; take the gateway`]
      : []),
    ...undeclared.map(
      (port) =>
        `nodePort must be one of ${JSON.stringify(nodePorts)}, got ${port ?? "nothing"}; take one of the four from portBase`,
    ),
  ];
}

function route(props: Fields, { publicHosts }: StackDeclaration): string[] {
  const { hostnames = [] } = (props.spec ?? {}) as { hostnames?: readonly string[] };
  // A route without a name takes every name.
  const undeclared = hostnames.length === 0 ? ["*"] : hostnames;
  return undeclared
    .filter((host) => !publicHosts.includes(host))
    .map(
      (host) =>
        `spec.hostnames must be of ${JSON.stringify(publicHosts)}, got ${JSON.stringify(host)}; declare it in stacks/platforms/public-hosts.ts`,
    );
}
