import { invalidField, missingField } from "../api-error.ts";
import type { Message } from "../protos/schema.ts";
import { requireLength } from "./limits.ts";

const FIELD = "metric";

/** A log-based metric in its canonical form. */
interface LogMetric {
  readonly name?: string;
  readonly description?: string;
  readonly filter?: string;
  readonly metricDescriptor?: Descriptor;
  readonly valueExtractor?: string;
  readonly labelExtractors?: Readonly<Record<string, string>>;
  readonly bucketOptions?: object;
}

interface Descriptor {
  readonly metricKind?: string;
  readonly valueType?: string;
  readonly unit?: string;
  readonly displayName?: string;
  readonly labels?: readonly { readonly key?: string }[];
}

/**
 * Checks a log-based metric against the rules of the API that its schema cannot state.
 *
 * @param stored what is there already; kind and type of its values stay.
 */
export function checkLogMetric(metric: Message, stored?: Message): void {
  const { name = "", description, filter, metricDescriptor = {} } = metric as LogMetric;
  if (!/^[A-Za-z0-9_\-.,+!*'()%][A-Za-z0-9_\-.,+!*'()%/]{0,99}$/.test(name)) {
    throw invalidField(
      `${FIELD}.name`,
      name,
      "must have 1 to 100 of the characters A-Z, a-z, 0-9 and _-.,+!*',()%/, and not begin with a slash.",
    );
  }
  requireLength(`${FIELD}.description`, description, 8000);
  if (!filter) throw missingField(`${FIELD}.filter`);
  requireLength(`${FIELD}.filter`, filter, 20_000);
  checkValues(metric as LogMetric);
  checkLabels(metric as LogMetric);
  const before = (stored as LogMetric | undefined)?.metricDescriptor;
  const { metricKind = "DELTA", valueType = "INT64" } = metricDescriptor;
  if (before && (before.metricKind !== metricKind || before.valueType !== valueType)) {
    throw invalidField(
      `${FIELD}.metric_descriptor`,
      `${metricKind} ${valueType}`,
      "metric_kind and value_type must not change.",
    );
  }
}

/** The metric as it is stored, with the descriptor that the server makes of it. */
export function withLogMetricDefaults(metric: Message, project: string): Message {
  const { name, description, metricDescriptor = {} } = metric as LogMetric;
  const { metricKind = "DELTA", valueType = "INT64", unit = "1" } = metricDescriptor;
  const { displayName, labels } = metricDescriptor;
  const type = `logging.googleapis.com/user/${name}`;
  return {
    ...metric,
    metricDescriptor: {
      name: `projects/${project}/metricDescriptors/${type}`,
      type,
      metricKind,
      valueType,
      unit,
      ...(description ? { description } : {}),
      ...(displayName ? { displayName } : {}),
      ...(labels ? { labels } : {}),
    },
  };
}

function checkValues({ metricDescriptor = {}, valueExtractor, bucketOptions }: LogMetric): void {
  const { metricKind = "DELTA", valueType = "INT64" } = metricDescriptor;
  if (metricKind !== "DELTA") {
    throw invalidField(`${FIELD}.metric_descriptor.metric_kind`, metricKind, "must be DELTA.");
  }
  if (valueType !== "INT64" && valueType !== "DISTRIBUTION") {
    throw invalidField(
      `${FIELD}.metric_descriptor.value_type`,
      valueType,
      "must be INT64 or DISTRIBUTION.",
    );
  }
  if (valueType === "DISTRIBUTION" && !valueExtractor) {
    throw missingField(`${FIELD}.value_extractor`);
  }
  if (valueType !== "DISTRIBUTION" && (valueExtractor || bucketOptions)) {
    throw invalidField(
      `${FIELD}.${valueExtractor ? "value_extractor" : "bucket_options"}`,
      valueExtractor ?? "…",
      "is only for metrics of value_type DISTRIBUTION.",
    );
  }
  if (valueExtractor) checkExtractor(`${FIELD}.value_extractor`, valueExtractor);
}

function checkLabels({ metricDescriptor = {}, labelExtractors = {} }: LogMetric): void {
  const keys = (metricDescriptor.labels ?? []).map(({ key = "" }) => key);
  for (const key of keys) {
    if (!Object.hasOwn(labelExtractors, key))
      throw missingField(`${FIELD}.label_extractors[${key}]`);
  }
  for (const [key, extractor] of Object.entries(labelExtractors)) {
    const field = `${FIELD}.label_extractors[${key}]`;
    if (!keys.includes(key)) {
      throw invalidField(field, extractor, "must belong to a label of the metric_descriptor.");
    }
    checkExtractor(field, extractor);
  }
}

function checkExtractor(field: string, extractor: string): void {
  if (!/^(EXTRACT\([^]+\)|REGEXP_EXTRACT\([^]+,[^]+\))$/.test(extractor)) {
    throw invalidField(
      field,
      extractor,
      'must be EXTRACT(field) or REGEXP_EXTRACT(field, "regex").',
    );
  }
}
