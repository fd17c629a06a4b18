import { invalidField, missingField } from "../api-error.ts";
import type { Message } from "../protos/schema.ts";
import { requireLength } from "./limits.ts";

const FIELD = "metric_descriptor";

/** Most labels of a metric; of one of Prometheus', the second. */
const MAX_LABELS = 30;
const MAX_PROMETHEUS_LABELS = 200;

/** Metrics that callers may describe. */
const types =
  /^(custom|external|workload|prometheus)\.googleapis\.com\/[A-Za-z0-9][A-Za-z0-9_./:-]*$/;

/**
 * Checks a metric descriptor against the rules of the API that its schema cannot state.
 *
 * @param stored what is there already; kind and type of its values stay.
 */
export function checkMetricDescriptor(descriptor: Message, stored?: Message): void {
  const { type, metricKind, valueType, labels = [], displayName } = descriptor as Descriptor;
  if (!type) throw missingField(`${FIELD}.type`);
  requireLength(`${FIELD}.type`, type, 200);
  if (!types.test(type)) {
    throw invalidField(
      `${FIELD}.type`,
      type,
      "must begin with custom.googleapis.com/, external.googleapis.com/, workload.googleapis.com/ or prometheus.googleapis.com/.",
    );
  }
  if (!metricKind) throw missingField(`${FIELD}.metric_kind`);
  if (!valueType) throw missingField(`${FIELD}.value_type`);
  if (metricKind !== "GAUGE" && (valueType === "BOOL" || valueType === "STRING")) {
    throw invalidField(`${FIELD}.value_type`, valueType, `must not be of a ${metricKind} metric.`);
  }
  requireLength(`${FIELD}.display_name`, displayName, 512);
  checkLabels(labels, type.startsWith("prometheus") ? MAX_PROMETHEUS_LABELS : MAX_LABELS);
  if (!stored) return;
  for (const field of ["metricKind", "valueType"] as const) {
    if ((stored as Descriptor)[field] === (descriptor as Descriptor)[field]) continue;
    throw invalidField(
      `${FIELD}.${field === "metricKind" ? "metric_kind" : "value_type"}`,
      (descriptor as Descriptor)[field]!,
      "must not change; delete the descriptor first.",
    );
  }
}

interface Descriptor {
  readonly type?: string;
  readonly metricKind?: string;
  readonly valueType?: string;
  readonly displayName?: string;
  readonly labels?: readonly { readonly key?: string }[];
}

function checkLabels(labels: NonNullable<Descriptor["labels"]>, most: number): void {
  if (labels.length > most) {
    throw invalidField(
      `${FIELD}.labels`,
      labels.length,
      `must not have more than ${most} entries.`,
    );
  }
  const seen = new Set<string>();
  for (const [index, { key = "" }] of labels.entries()) {
    const field = `${FIELD}.labels[${index}].key`;
    if (!/^[a-zA-Z][a-zA-Z0-9_]{0,99}$/.test(key)) {
      throw invalidField(
        field,
        key,
        "must begin with a letter and have at most 100 letters, digits and underscores.",
      );
    }
    if (seen.has(key)) throw invalidField(field, key, "must not be given twice.");
    seen.add(key);
  }
}
