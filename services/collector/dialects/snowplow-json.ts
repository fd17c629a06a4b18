import { exactJson } from "./exact-json.ts";
import { isFields } from "./fields.ts";
import type { Fields } from "./fields.ts";

/** A value that names its schema, as Iglu has it. */
export interface SelfDescribing {
  /** `iglu:<vendor>/<name>/jsonschema/<version>`. */
  readonly schema: string;
  readonly data: unknown;
}

/** The self-describing JSON in an event's fields, plain or in base64; undefined if there is none. */
export function selfDescribing(plain: unknown, base64: unknown): SelfDescribing | undefined {
  const json =
    typeof base64 === "string"
      ? Buffer.from(base64, "base64url")
      : Buffer.from(String(plain ?? ""));
  let value: unknown;
  try {
    value = exactJson(json);
  } catch {
    return undefined;
  }
  return asSelfDescribing(value);
}

/** A JSON value as self-describing; undefined if it is not. */
export function asSelfDescribing(value: unknown): SelfDescribing | undefined {
  if (!isFields(value)) return undefined;
  const { schema, data } = value as Fields;
  return typeof schema === "string" && SCHEMA.test(schema) ? { schema, data } : undefined;
}

/** Name of a schema, without vendor and version. */
export function schemaName(schema: string): string {
  return SCHEMA.exec(schema)![1]!;
}

const SCHEMA = /^iglu:[\w.-]+\/([\w.-]+)\/\w+\/[\d-]+$/;
