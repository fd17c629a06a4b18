import * as gcp from "@pulumi/gcp";
import * as pulumi from "@pulumi/pulumi";
import { dataProtection } from "./data-protection.ts";
import { PublicCertificates } from "./public-certificates.ts";
import { PublicGateway } from "./public-gateway.ts";
import { WebFirewall } from "./web-firewall.ts";

/** Arguments of {@link Edge}. */
export interface EdgeArgs {
  /** Google Cloud project. */
  readonly project: string;

  /** Namespace of the services. */
  readonly namespace: string;

  /** Domain whose DNS zone the stack keeps, as `marketing.example.com`. */
  readonly domain: string;

  /** Host names of the two public services, in that domain. */
  readonly hosts: { readonly cms: string; readonly collector: string };

  /**
   * Networks from which the CMS's admin page is reached, as CIDR ranges; at most 10, and not the whole internet. With
   * none it is reached through `kubectl port-forward` only.
   */
  readonly adminNetworks: readonly string[];

  /** Whether the DNS zone outlives the stack: the domain is delegated to its name servers. */
  readonly protectData: boolean;

  /** Labels of everything that takes some. */
  readonly labels: Readonly<Record<string, string>>;
}

/** What the public needs of the CMS: its content, the files in it, and whether it is there. */
const cmsIsPrivate =
  "!(request.path.startsWith('/api/') || request.path.startsWith('/uploads/') || request.path == '/healthz/ready')";

/** The collector's paths are those of its dialects; its own figures are nobody's business. */
const collectorIsPrivate = "request.path.lower().startsWith('/metrics')";

/**
 * The way from the internet into one stack on Google Cloud: to the collector, and to the content of the CMS.
 *
 * Creates a DNS zone, one global address with a record for each host, certificates, a TLS policy, a firewall for each
 * service and the gateway. The CMS's admin page answers `adminNetworks` only, the worker nobody.
 *
 * The CMS shuts out an address that sends too much. The collector only slows it down, because many visitors share an
 * address and their events would be lost; and it looks for scanners and known exploits only, because what events say is
 * the senders' business.
 *
 * @throws Error if a host is not in the domain, or `adminNetworks` is wrong.
 */
export class Edge extends pulumi.ComponentResource {
  /** Public address of all hosts. */
  public readonly address: pulumi.Output<string>;

  /** Name servers that the domain has to be delegated to, once, by whoever owns its parent. */
  public readonly nameServers: pulumi.Output<string[]>;

  constructor(name: string, args: EdgeArgs, opts?: pulumi.ComponentResourceOptions) {
    super("marketing-stack:infra:Edge", name, {}, opts);
    for (const [service, host] of Object.entries(args.hosts)) {
      requireInDomain(service, host, args.domain);
    }
    const { project, hosts, labels } = args;
    const parent = { parent: this };

    const zone = new gcp.dns.ManagedZone(
      name,
      {
        project,
        name: "marketing-stack",
        dnsName: `${args.domain}.`,
        dnssecConfig: { state: "on" },
        labels,
      },
      { parent: this, ...dataProtection(args.protectData) },
    );
    const address = new gcp.compute.GlobalAddress(
      name,
      { project, name: "marketing-stack", addressType: "EXTERNAL", labels },
      parent,
    );
    for (const [service, host] of Object.entries(hosts)) {
      new gcp.dns.RecordSet(
        `${name}-${service}`,
        {
          project,
          managedZone: zone.name,
          name: `${host}.`,
          type: "A",
          rrdatas: [address.address],
          ttl: 300,
        },
        parent,
      );
    }
    const certificates = new PublicCertificates(
      `${name}-certificates`,
      { project, zone: zone.name, hosts, labels },
      parent,
    );
    const tlsPolicy = new gcp.compute.SSLPolicy(
      name,
      { project, name: "marketing-stack", profile: "MODERN", minTlsVersion: "TLS_1_2" },
      parent,
    );
    const cms = new WebFirewall(
      `${name}-cms`,
      {
        project,
        policyName: "marketing-cms",
        trustedNetworks: args.adminNetworks,
        refused: cmsIsPrivate,
        ruleSets: ["sqli", "xss", "lfi", "rce", "protocolattack", "scannerdetection"]
          .map((set) => `${set}-v33-stable`)
          .concat("cve-canary"),
        requestsPerMinute: 600,
        excess: "ban",
        labels,
      },
      parent,
    );
    const collector = new WebFirewall(
      `${name}-collector`,
      {
        project,
        policyName: "marketing-collector",
        trustedNetworks: [],
        refused: collectorIsPrivate,
        ruleSets: ["scannerdetection-v33-stable", "cve-canary"],
        requestsPerMinute: 3000,
        excess: "throttle",
        labels,
      },
      parent,
    );
    new PublicGateway(
      `${name}-gateway`,
      {
        namespace: args.namespace,
        address: address.name,
        certificateMap: certificates.map,
        tlsPolicy: tlsPolicy.name,
        services: {
          cms: { host: hosts.cms, port: 1337, firewall: cms.policy },
          collector: { host: hosts.collector, port: 8080, firewall: collector.policy },
        },
      },
      { parent: this, dependsOn: [certificates] },
    );

    this.address = address.address;
    this.nameServers = zone.nameServers;
    this.registerOutputs({ address: this.address, nameServers: this.nameServers });
  }
}

function requireInDomain(service: string, host: string, domain: string): void {
  if (!host.endsWith(`.${domain}`)) {
    throw new Error(`hosts.${service} must be in ${domain}, got ${JSON.stringify(host)}`);
  }
}
