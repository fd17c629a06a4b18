import * as pulumi from "@pulumi/pulumi";

/** What a provider would add to a resource's inputs, as far as the program reads it. */
export function standIns({
  type,
  name,
  inputs,
}: pulumi.runtime.MockResourceArgs): Record<string, unknown> {
  switch (type) {
    case "random:index/randomPassword:RandomPassword":
      return { result: secret(`generated-${name}`) };
    case "gcp:monitoring/notificationChannel:NotificationChannel":
      return { name: `channels/${name}` };
    case "gcp:serviceaccount/account:Account":
      return {
        email: `${inputs.accountId}@${inputs.project}.example`,
        name: `projects/${inputs.project}/serviceAccounts/${inputs.accountId}`,
      };
    case "gcp:sql/databaseInstance:DatabaseInstance":
      return { privateIpAddress: "10.72.0.3", serverCaCerts: [{ cert: "old" }, { cert: "new" }] };
    case "gcp:compute/globalAddress:GlobalAddress":
      return { address: inputs.address ?? "203.0.113.1" };
    case "gcp:dns/managedZone:ManagedZone":
      return { nameServers: ["ns1.example."] };
    case "gcp:certificatemanager/dnsAuthorization:DnsAuthorization":
      return {
        dnsResourceRecords: [
          { name: `_acme.${inputs.domain}.`, type: "CNAME", data: `${inputs.name}.example.` },
        ],
      };
    case "gcp:container/cluster:Cluster":
      return {
        controlPlaneEndpointsConfig: { dnsEndpointConfig: { endpoint: "gke.example" } },
      };
    default:
      return {};
  }
}

/** How a secret looks on its way to and from the engine. */
function secret(value: unknown): unknown {
  return {
    "4dabf18193072939515e22adb298388d": "1b47061264138c4ac30d75fd1eb44270",
    value,
  };
}
