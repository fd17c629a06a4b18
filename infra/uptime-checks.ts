import { isIP } from "node:net";
import * as gcp from "@pulumi/gcp";
import * as pulumi from "@pulumi/pulumi";

/** Arguments of {@link UptimeChecks}. */
export interface UptimeChecksArgs {
  /** Google Cloud project. */
  readonly project: string;

  /** Addresses from outside the cluster by what answers there, `http[s]://host[:port]`. */
  readonly urls: Readonly<Record<string, string>>;

  /** Labels of everything that takes some. */
  readonly labels: Readonly<Record<string, string>>;
}

/**
 * Whether services answer where people reach them, asked each minute from several places.
 *
 * Creates one `UptimeCheckConfig` per address; over HTTPS with a look at the certificate, which is held to the host where
 * that has a name. The catalogue decides what alert comes of it (`monitoring_googleapis_com:uptime_check_check_passed`).
 */
export class UptimeChecks extends pulumi.ComponentResource {
  constructor(name: string, args: UptimeChecksArgs, opts?: pulumi.ComponentResourceOptions) {
    super("marketing-stack:infra:UptimeChecks", name, {}, opts);
    for (const [service, url] of Object.entries(args.urls)) {
      const { hostname: host, port, protocol } = new URL(url);
      const useSsl = protocol === "https:";
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
          httpCheck: {
            path: "/healthz/ready",
            port: Number(port) || (useSsl ? 443 : 80),
            useSsl,
            validateSsl: useSsl && isIP(host) === 0,
          },
          userLabels: args.labels,
        },
        { parent: this },
      );
    }
    this.registerOutputs({});
  }
}
