import { canonicalDuration } from "./duration.ts";

/** Reads the JSON of a well-known type: its canonical form, or why it is not one. */
export type ReadWellKnown = (
  json: unknown,
  field: string,
) => { value: unknown } | { problem: string };

/** Types of `google.protobuf` whose JSON is not that of their fields. Wrappers are read as what they wrap. */
export const wellKnown: Readonly<Record<string, ReadWellKnown>> = {
  ".google.protobuf.Duration": (json, field) => {
    const value = typeof json === "string" ? canonicalDuration(json) : undefined;
    return value === undefined
      ? { problem: `Field '${field}', Illegal duration format; duration must end with 's'` }
      : { value };
  },
  ".google.protobuf.Timestamp": (json, field) => {
    const form = /^\d{4}-\d{2}-\d{2}T\d{2}:\d{2}:\d{2}(\.\d{1,9})?(Z|[+-]\d{2}:\d{2})$/;
    return typeof json === "string" && form.test(json) && !Number.isNaN(Date.parse(json))
      ? { value: json }
      : {
          problem: `Field '${field}', Illegal timestamp format; timestamps must end with 'Z' or have a valid timezone offset.`,
        };
  },
  ".google.protobuf.FieldMask": (json) =>
    typeof json === "string" ? { value: json } : { problem: JSON.stringify(json) },
  ".google.protobuf.Any": (json) =>
    typeof json === "object" && json !== null && "@type" in json
      ? { value: json }
      : { problem: "Missing @type for any field in google.protobuf.Any" },
};

/** Messages that wrap one scalar, so that it can be absent: `google.protobuf.BoolValue` and its like. */
export function isWrapper(typeName: string): boolean {
  return /^\.google\.protobuf\.(Bool|String|Bytes|Double|Float|U?Int(32|64))Value$/.test(typeName);
}
