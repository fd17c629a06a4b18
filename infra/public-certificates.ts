import * as gcp from "@pulumi/gcp";
import * as pulumi from "@pulumi/pulumi";

/** Arguments of {@link PublicCertificates}. */
export interface PublicCertificatesArgs {
  /** Google Cloud project. */
  readonly project: string;

  /** Name of the DNS zone that all hosts are in. */
  readonly zone: pulumi.Input<string>;

  /** Host names by service: `{ cms: "cms.example.com" }`. */
  readonly hosts: Readonly<Record<string, string>>;

  /** Labels of everything that takes some. */
  readonly labels: Readonly<Record<string, string>>;
}

/**
 * The TLS certificates of the public hosts: Google issues and renews them.
 *
 * Creates a `CertificateMap`, and for each host a `DnsAuthorization` with the record that proves who owns the name, a
 * `Certificate` and a `CertificateMapEntry`. A certificate is there before anything is served.
 */
export class PublicCertificates extends pulumi.ComponentResource {
  /** Name of the certificate map. */
  public readonly map: pulumi.Output<string>;

  constructor(name: string, args: PublicCertificatesArgs, opts?: pulumi.ComponentResourceOptions) {
    super("marketing-stack:infra:PublicCertificates", name, {}, opts);
    const { project, labels } = args;
    const parent = { parent: this };

    const map = new gcp.certificatemanager.CertificateMap(
      name,
      { project, name: "marketing-stack", labels },
      parent,
    );
    for (const [service, host] of Object.entries(args.hosts)) {
      const child = `${name}-${service}`;
      const resource = { project, name: `marketing-${service}`, labels };

      const authorization = new gcp.certificatemanager.DnsAuthorization(
        child,
        { ...resource, domain: host },
        parent,
      );
      const record = authorization.dnsResourceRecords.apply(([first]) => first!);
      new gcp.dns.RecordSet(
        child,
        {
          project,
          managedZone: args.zone,
          name: record.name,
          type: record.type,
          rrdatas: [record.data],
          ttl: 300,
        },
        parent,
      );
      const certificate = new gcp.certificatemanager.Certificate(
        child,
        { ...resource, managed: { domains: [host], dnsAuthorizations: [authorization.id] } },
        parent,
      );
      new gcp.certificatemanager.CertificateMapEntry(
        child,
        { ...resource, map: map.name, hostname: host, certificates: [certificate.id] },
        parent,
      );
    }

    this.map = map.name;
    this.registerOutputs({ map: this.map });
  }
}
