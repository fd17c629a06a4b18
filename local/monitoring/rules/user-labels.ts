import { invalidField } from "../api-error.ts";

/** Checks the labels that users put on a resource for themselves. `field` is e.g. `alert_policy.user_labels`. */
export function checkUserLabels(
  field: string,
  labels: Readonly<Record<string, string>> = {},
): void {
  const entries = Object.entries(labels);
  if (entries.length > 64)
    throw invalidField(field, entries.length, "must not have more than 64 entries.");
  for (const [key, value] of entries) {
    if (!/^\p{Ll}[\p{Ll}0-9_-]*$/u.test(key)) {
      throw invalidField(
        field,
        key,
        "Label keys must begin with a letter and contain only lowercase letters, numerals, underscores, and dashes.",
      );
    }
    // Google's published policies carry placeholders (`${CLUSTER_NAME}`) as values.
    if (!/^[\p{Ll}0-9_-]*$/u.test(value) && !/^\$\{[^{}]+\}$/.test(value)) {
      throw invalidField(
        `${field}[${key}]`,
        value,
        "Label values can contain only lowercase letters, numerals, underscores, and dashes.",
      );
    }
    for (const text of [key, value]) {
      if ([...text].length > 63 || Buffer.byteLength(text) > 128) {
        throw invalidField(
          field,
          text,
          "Label keys and values are limited to 63 characters and 128 bytes.",
        );
      }
    }
  }
}
