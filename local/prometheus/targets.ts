/** What is read of a pod to know whether and where to scrape it. */
export interface ScrapablePod {
  readonly metadata: {
    readonly name: string;
    readonly namespace: string;
    readonly annotations?: Readonly<Record<string, string>>;
    readonly labels?: Readonly<Record<string, string>>;
  };
  readonly status?: { readonly phase?: string; readonly podIP?: string };
}

/** A group of targets, as Prometheus' `file_sd_configs` reads it. */
export interface TargetGroup {
  readonly targets: readonly string[];
  readonly labels: Readonly<Record<string, string>>;
}

/**
 * The running pods annotated `prometheus.io/scrape: "true"`, by name.
 *
 * The port is `prometheus.io/port` (80 where it is missing), the path `prometheus.io/path` (`/metrics`); the labels
 * `job` and `service` are the pod's `app.kubernetes.io/name`, `version` is its `app.kubernetes.io/version`.
 */
export function targetsOf(pods: Iterable<ScrapablePod>): TargetGroup[] {
  return [...pods]
    .filter(({ metadata: { annotations = {} }, status = {} }) => {
      return (
        annotations["prometheus.io/scrape"] === "true" && status.phase === "Running" && status.podIP
      );
    })
    .map(({ metadata: { name, namespace, annotations = {}, labels = {} }, status }) => {
      const service = labels["app.kubernetes.io/name"] ?? name;
      return {
        targets: [`${status!.podIP}:${annotations["prometheus.io/port"] ?? "80"}`],
        labels: {
          job: service,
          service,
          namespace,
          pod: name,
          version: labels["app.kubernetes.io/version"] ?? "",
          __metrics_path__: annotations["prometheus.io/path"] ?? "/metrics",
        },
      };
    })
    .sort((a, b) =>
      `${a.labels.namespace}/${a.labels.pod}` < `${b.labels.namespace}/${b.labels.pod}` ? -1 : 1,
    );
}
