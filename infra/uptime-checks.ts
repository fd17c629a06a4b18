import * as gcp from "@pulumi/gcp";
import * as pulumi from "@pulumi/pulumi";

/** Arguments of {@link UptimeChecks}. */
export interface UptimeChecksArgs {
  /** Google Cloud project. */
  readonly project: string;

  /** Public host names by service. */
  readonly hosts: Readonly<Record<string, string>>;

  /** Labels of everything that takes some. */
  readonly labels: Readonly<Record<string, string>>;
}

/**
 * Whether the public services answer, asked each minute from several continents.
 *
 * Creates one `UptimeCheckConfig` per host, over HTTPS, with a look at the certificate. The catalogue decides what alert
 * comes of it (`monitoring_googleapis_com:uptime_check_check_passed`).
 */
export class UptimeChecks extends pulumi.ComponentResource {
  constructor(name: string, args: UptimeChecksArgs, opts?: pulumi.ComponentResourceOptions) {
    super("marketing-stack:infra:UptimeChecks", name, {}, opts);
    for (const [service, host] of Object.entries(args.hosts)) {
      new gcp.monitoring.UptimeCheckConfig(
        `${name}-${service}`,
        {
          project: args.project,
          displayName: service,
          period: "60s",
          timeout: "10s",
          checkerType: "STATIC_IP_CHECKERS",
          monitoredResource: {
            type: "uptime_url",
            labels: { project_id: args.project, host },
          },
          httpCheck: { path: "/healthz/ready", port: 443, useSsl: true, validateSsl: true },
          userLabels: args.labels,
        },
        { parent: this },
      );
    }
    this.registerOutputs({});
  }
}
