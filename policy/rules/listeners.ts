import type { Resource, Rule, StackDeclaration } from "../rule.ts";

/** A fragment of the inputs of some kind of resource. */
type Fields = Readonly<Record<string, unknown>>;

const kinds: Readonly<Record<string, (props: Fields, stack: StackDeclaration) => string[]>> = {
  "kubernetes:core/v1:Service": service,
  "kubernetes:networking.k8s.io/v1:Ingress": () => [
    "an Ingress must not be declared; what is public goes through the gateway",
  ],
  "kubernetes:gateway.networking.k8s.io/v1:Gateway": (_props, { hasGateway }) =>
    hasGateway
      ? []
      : ["a Gateway must not be declared by a stack without one; only platform gke has it"],
  "gcp:sql/databaseInstance:DatabaseInstance": database,
  "gcp:container/cluster:Cluster": cluster,
  "gcp:compute/firewall:Firewall": firewall,
};

/** Nothing listens for the public that the stack does not declare. */
export const listeners: Rule = {
  name: "listeners",
  description: "Nothing listens for the public that the stack does not declare.",
  check: ({ type, props }: Resource, stack) => kinds[type]?.(props, stack) ?? [],
};

function service(props: Fields, { nodePorts }: StackDeclaration): string[] {
  const spec = (props.spec ?? {}) as {
    type?: string;
    externalIPs?: readonly string[];
    ports?: readonly { nodePort?: number }[];
  };
  const problems: string[] = [];
  if (spec.type === "LoadBalancer") {
    problems.push("spec.type must be ClusterIP or NodePort, got LoadBalancer; use the gateway");
  }
  if (spec.externalIPs?.length) {
    problems.push("spec.externalIPs must not be set; use the gateway");
  }
  if (spec.type === "NodePort") {
    const undeclared = (spec.ports ?? [])
      .map(({ nodePort }) => nodePort ?? 0)
      .filter((port) => !nodePorts.includes(port));
    for (const port of undeclared) {
      problems.push(
        `nodePort must be one of ${JSON.stringify(nodePorts)}, got ${port}; a stack has the four ports from its portBase`,
      );
    }
  }
  return problems;
}

function database(props: Fields): string[] {
  const { ipConfiguration = {} } = (props.settings ?? {}) as { ipConfiguration?: Fields };
  const networks = (ipConfiguration.authorizedNetworks ?? []) as readonly unknown[];
  return [
    ...(ipConfiguration.ipv4Enabled === false
      ? []
      : [
          "settings.ipConfiguration.ipv4Enabled must be false; the database has a private address only",
        ]),
    ...(networks.length === 0
      ? []
      : ["settings.ipConfiguration.authorizedNetworks must be empty; nobody outside reaches it"]),
  ];
}

function cluster(props: Fields): string[] {
  const nodes = (props.privateClusterConfig ?? {}) as Fields;
  const endpoints = (props.controlPlaneEndpointsConfig ?? {}) as { ipEndpointsConfig?: Fields };
  return [
    ...(nodes.enablePrivateNodes === true
      ? []
      : ["privateClusterConfig.enablePrivateNodes must be true; nodes have no public address"]),
    ...(endpoints.ipEndpointsConfig?.enabled === false
      ? []
      : [
          "controlPlaneEndpointsConfig.ipEndpointsConfig.enabled must be false; the control plane is reached by its DNS name, where IAM decides",
        ]),
  ];
}

function firewall(props: Fields): string[] {
  const ranges = (props.sourceRanges ?? []) as readonly string[];
  const allows = ((props.allows ?? []) as readonly unknown[]).length > 0;
  return allows && ranges.some((range) => range === "0.0.0.0/0" || range === "::/0")
    ? ["sourceRanges must not be the whole internet; what is public goes through the gateway"]
    : [];
}
