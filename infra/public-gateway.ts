import * as k8s from "@pulumi/kubernetes";
import * as pulumi from "@pulumi/pulumi";

/** A service that the gateway serves. */
export interface PublicService {
  /** Host name, as `cms.example.com`. */
  readonly host: string;

  /** Port of the Kubernetes Service. */
  readonly port: number;

  /** Name of its policy of Cloud Armor. */
  readonly firewall: pulumi.Input<string>;
}

/** Arguments of {@link PublicGateway}. */
export interface PublicGatewayArgs {
  /** Namespace of the services. */
  readonly namespace: string;

  /** Name of the global address. */
  readonly address: pulumi.Input<string>;

  /** Name of the certificate map. */
  readonly certificateMap: pulumi.Input<string>;

  /** Name of the TLS policy. */
  readonly tlsPolicy: pulumi.Input<string>;

  /** What is served, by the name of the Kubernetes Service. */
  readonly services: Readonly<Record<string, PublicService>>;
}

/** Seconds that a service may take to answer: more than any of them takes to drain. */
const TIMEOUT = 60;

/**
 * The load balancer in front of the public services, declared by the Gateway API of GKE.
 *
 * Creates a `Gateway` with its TLS policy, a route that sends plain HTTP to HTTPS, and for each service an `HTTPRoute`,
 * its firewall and its health check.
 */
export class PublicGateway extends pulumi.ComponentResource {
  constructor(name: string, args: PublicGatewayArgs, opts?: pulumi.ComponentResourceOptions) {
    super("marketing-stack:infra:PublicGateway", name, {}, opts);
    const { namespace, services } = args;
    const object = (
      suffix: string,
      apiVersion: string,
      kind: string,
      objectName: string,
      spec: object,
      annotations?: Record<string, pulumi.Input<string>>,
    ): k8s.apiextensions.CustomResource =>
      new k8s.apiextensions.CustomResource(
        `${name}${suffix}`,
        { apiVersion, kind, metadata: { name: objectName, namespace, annotations }, spec },
        { parent: this },
      );
    const gateway = "public";
    const standard = "gateway.networking.k8s.io";

    object(
      "",
      `${standard}/v1`,
      "Gateway",
      gateway,
      {
        gatewayClassName: "gke-l7-global-external-managed",
        addresses: [{ type: "NamedAddress", value: args.address }],
        listeners: [
          { name: "https", protocol: "HTTPS", port: 443 },
          { name: "http", protocol: "HTTP", port: 80 },
        ],
      },
      { "networking.gke.io/certmap": args.certificateMap },
    );
    object("-tls", "networking.gke.io/v1", "GCPGatewayPolicy", gateway, {
      default: { sslPolicy: args.tlsPolicy },
      targetRef: { group: standard, kind: "Gateway", name: gateway },
    });
    object("-redirect", `${standard}/v1`, "HTTPRoute", "redirect-to-https", {
      parentRefs: [{ name: gateway, sectionName: "http" }],
      hostnames: Object.values(services).map(({ host }) => host),
      rules: [
        {
          filters: [
            { type: "RequestRedirect", requestRedirect: { scheme: "https", statusCode: 301 } },
          ],
        },
      ],
    });
    for (const [service, { host, port, firewall }] of Object.entries(services)) {
      const targetRef = { group: "", kind: "Service", name: service };
      object(`-${service}`, `${standard}/v1`, "HTTPRoute", service, {
        parentRefs: [{ name: gateway, sectionName: "https" }],
        hostnames: [host],
        rules: [{ backendRefs: [{ name: service, port }] }],
      });
      object(`-${service}-backend`, "networking.gke.io/v1", "GCPBackendPolicy", service, {
        default: {
          securityPolicy: firewall,
          timeoutSec: TIMEOUT,
          connectionDraining: { drainingTimeoutSec: TIMEOUT },
          logging: { enabled: true },
        },
        targetRef,
      });
      object(`-${service}-health`, "networking.gke.io/v1", "HealthCheckPolicy", service, {
        default: {
          checkIntervalSec: 5,
          timeoutSec: 3,
          config: {
            type: "HTTP",
            httpHealthCheck: {
              portSpecification: "USE_SERVING_PORT",
              requestPath: "/healthz/ready",
            },
          },
        },
        targetRef,
      });
    }

    this.registerOutputs({});
  }
}
