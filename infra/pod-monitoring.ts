import * as k8s from "@pulumi/kubernetes";
import type * as pulumi from "@pulumi/pulumi";

/**
 * Lets Managed Prometheus read the metrics of a service's pods.
 *
 * Creates one `PodMonitoring` `<service>`: its name is the label `job`, which the alerts ask for. It is no part of the
 * chart, because Helm renders no kind that the cluster does not know yet.
 */
export function podMonitoring(
  service: string,
  namespace: string,
  opts: pulumi.CustomResourceOptions,
): void {
  new k8s.apiextensions.CustomResource(
    `${service}-monitoring`,
    {
      apiVersion: "monitoring.googleapis.com/v1",
      kind: "PodMonitoring",
      metadata: { name: service, namespace },
      spec: {
        selector: { matchLabels: { "app.kubernetes.io/name": service } },
        endpoints: [{ port: "http", path: "/metrics", interval: "30s" }],
        targetLabels: {
          metadata: ["pod"],
          fromPod: [
            { from: "app.kubernetes.io/name", to: "service" },
            { from: "app.kubernetes.io/version", to: "version" },
          ],
        },
      },
    },
    opts,
  );
}
