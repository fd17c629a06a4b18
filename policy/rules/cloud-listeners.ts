type Fields = Readonly<Record<string, unknown>>;

const forwarding = ({ loadBalancingScheme: scheme }: Fields): string[] =>
  /^INTERNAL/.test(String(scheme))
    ? []
    : [
        `loadBalancingScheme must be INTERNAL or INTERNAL_MANAGED, got ${JSON.stringify(scheme) ?? "nothing"}; what is public goes through the gateway`,
      ];

/** What is wrong with each kind of resource on Google Cloud that may listen for the public, by its type token. */
export const cloudListeners: Readonly<Record<string, (props: Fields) => string[]>> = {
  "gcp:sql/databaseInstance:DatabaseInstance": database,
  "gcp:container/cluster:Cluster": cluster,
  "gcp:compute/firewall:Firewall": firewall,
  "gcp:compute/forwardingRule:ForwardingRule": forwarding,
  "gcp:compute/globalForwardingRule:GlobalForwardingRule": forwarding,
  "gcp:compute/instance:Instance": machine,
};

function database(props: Fields): string[] {
  const { ipConfiguration = {} } = (props.settings ?? {}) as { ipConfiguration?: Fields };
  const { ipv4Enabled, authorizedNetworks = [] } = ipConfiguration as {
    ipv4Enabled?: boolean;
    authorizedNetworks?: readonly unknown[];
  };
  return [
    ...(ipv4Enabled === false
      ? []
      : [
          `settings.ipConfiguration.ipv4Enabled must be false, got ${JSON.stringify(ipv4Enabled) ?? "nothing"}; take the private address`,
        ]),
    ...(authorizedNetworks.length === 0
      ? []
      : [
          `settings.ipConfiguration.authorizedNetworks must be empty, got ${authorizedNetworks.length}; nobody outside reaches it`,
        ]),
  ];
}

function cluster(props: Fields): string[] {
  const { enablePrivateNodes } = (props.privateClusterConfig ?? {}) as Fields;
  const { ipEndpointsConfig } = (props.controlPlaneEndpointsConfig ?? {}) as {
    ipEndpointsConfig?: Fields;
  };
  const endpoint = ipEndpointsConfig?.enabled;
  return [
    ...(enablePrivateNodes === true
      ? []
      : [
          `privateClusterConfig.enablePrivateNodes must be true, got ${JSON.stringify(enablePrivateNodes) ?? "nothing"}; nodes have no public address`,
        ]),
    ...(endpoint === false
      ? []
      : [
          `controlPlaneEndpointsConfig.ipEndpointsConfig.enabled must be false, got ${JSON.stringify(endpoint) ?? "nothing"}; take its DNS name, where IAM decides`,
        ]),
  ];
}

function firewall(props: Fields): string[] {
  const { direction = "INGRESS", allows = [] } = props as {
    direction?: string;
    allows?: readonly unknown[];
  };
  if (direction !== "INGRESS" || allows.length === 0) return [];
  const sources = [props.sourceTags, props.sourceServiceAccounts] as (readonly string[])[];
  const ranges = (props.sourceRanges ?? []) as readonly string[];
  // Google takes a rule that names no source for one that means everybody.
  const isForAll = ranges.length === 0 && sources.every((source) => !source?.length);
  const wide = isForAll ? ["nothing"] : ranges.filter((range) => Number(range.split("/")[1]) < 8);
  return wide.map(
    (range) =>
      `sourceRanges must name ranges of /8 or narrower, got ${range}; what is public goes through the gateway`,
  );
}

function machine(props: Fields): string[] {
  const interfaces = (props.networkInterfaces ?? []) as readonly {
    accessConfigs?: readonly unknown[];
  }[];
  return interfaces.some(({ accessConfigs }) => accessConfigs?.length)
    ? ["networkInterfaces.accessConfigs must be empty, got a public address; take the gateway"]
    : [];
}
