import { readFileSync } from "node:fs";
import { parse } from "yaml";

/** A metric that something publishes. */
export interface Metric {
  readonly metric: string;
  readonly type: "counter" | "gauge" | "histogram";
  /** File of this repository that publishes it, or who else does. */
  readonly source: string;
}

/** The metrics that alerts may ask for. */
export function readMetrics(path = "alerts/metrics/metrics.yaml"): readonly Metric[] {
  return parse(readFileSync(path, "utf8")) as Metric[];
}

/** Names by which PromQL knows a metric: a histogram is three. */
export function seriesOf({ metric, type }: Metric): string[] {
  return type === "histogram"
    ? ["_bucket", "_count", "_sum"].map((suffix) => `${metric}${suffix}`)
    : [metric];
}
