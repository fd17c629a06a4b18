import * as k8s from "@pulumi/kubernetes";
import * as pulumi from "@pulumi/pulumi";

/** Arguments of {@link PodMetrics}. */
export interface PodMetricsArgs {
  /** Namespace of the services. */
  readonly namespace: string;

  /** Names of the services: the label `app.kubernetes.io/name` of their pods. */
  readonly services: readonly string[];
}

/**
 * What Google's Managed Prometheus reads from the pods of one stack.
 *
 * Creates one `PodMonitoring` per service. Its name becomes the label `job`, so that the alert catalogue's expressions
 * mean the same on every platform.
 */
export class PodMetrics extends pulumi.ComponentResource {
  constructor(name: string, args: PodMetricsArgs, opts?: pulumi.ComponentResourceOptions) {
    super("marketing-stack:infra:PodMetrics", name, {}, opts);
    for (const service of args.services) {
      new k8s.apiextensions.CustomResource(
        `${name}-${service}`,
        {
          apiVersion: "monitoring.googleapis.com/v1",
          kind: "PodMonitoring",
          metadata: { name: service, namespace: args.namespace },
          spec: {
            selector: { matchLabels: { "app.kubernetes.io/name": service } },
            endpoints: [{ port: "http", path: "/metrics", interval: "15s" }],
            targetLabels: {
              metadata: ["pod", "container"],
              fromPod: [{ from: "app.kubernetes.io/name", to: "service" }],
            },
          },
        },
        { parent: this },
      );
    }
    this.registerOutputs({});
  }
}
