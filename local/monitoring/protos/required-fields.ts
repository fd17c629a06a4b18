import protobuf from "protobufjs";
import { missingField } from "../api-error.ts";
import { protoName, type Message } from "./schema.ts";

const behaviour = "(google.api.field_behavior)";

/**
 * Checks that `message` has every field that the protos mark REQUIRED, at every depth.
 *
 * Numbers and booleans are let be: their zero is a value, and the canonical form leaves it out.
 *
 * @throws ApiError naming the first field that is missing.
 */
export function requireFields(type: protobuf.Type, message: Message, path: string): void {
  for (const field of type.fieldsArray) {
    const value = message[field.name];
    const at = path ? `${path}.${protoName(field)}` : protoName(field);
    if (value === undefined) {
      if (isRequired(field) && canBeMissing(field)) throw missingField(at);
      continue;
    }
    const nested = field.resolvedType;
    if (!(nested instanceof protobuf.Type) || field instanceof protobuf.MapField) continue;
    if (Array.isArray(value)) {
      value.forEach((item, index) => requireFields(nested, item as Message, `${at}[${index}]`));
    } else if (typeof value === "object") {
      requireFields(nested, value as Message, at);
    }
  }
}

function isRequired(field: protobuf.Field): boolean {
  const marks = [
    field.options?.[behaviour],
    ...(field.parsedOptions ?? []).map((o: object) => (o as Message)[behaviour]),
  ];
  return marks.includes("REQUIRED");
}

function canBeMissing(field: protobuf.Field): boolean {
  return field.repeated || field.resolvedType !== null || field.type === "string";
}
