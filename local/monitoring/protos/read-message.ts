import protobuf from "protobufjs";
import type { FieldViolation } from "../api-error.ts";
import { fieldNamed, isDefault, protoName, type Message } from "./schema.ts";
import { readScalar } from "./scalars.ts";
import { isWrapper, wellKnown } from "./well-known.ts";

/** A value that could not be read; its violation has been noted. */
const unreadable = Symbol("unreadable");

/**
 * Reads `json` as a message of `type`, as strictly as Google's front end does.
 *
 * Refuses unknown names, wrong types, unknown members of an enum, two members of one oneof, and the
 * same field in both spellings. Returns the canonical form, and appends every problem to `violations`.
 * Required fields are another matter: {@link requireFields}.
 */
export function readMessage(
  type: protobuf.Type,
  json: unknown,
  path: string,
  violations: FieldViolation[],
): Message {
  const message = readObject(type, json, path, violations);
  return message === unreadable ? {} : message;
}

function readObject(
  type: protobuf.Type,
  json: unknown,
  path: string,
  violations: FieldViolation[],
): Message | typeof unreadable {
  const refuse = (description: string): typeof unreadable => {
    violations.push({ field: path, description });
    return unreadable;
  };
  if (typeof json !== "object" || json === null || Array.isArray(json)) {
    return refuse(
      path === ""
        ? 'Invalid JSON payload received. Unknown name "": Root element must be a message.'
        : invalidValue(path, `type.googleapis.com/${nameOf(type)}`, describe(json)),
    );
  }

  const message: Message = {};
  const chosen = new Map<string, string>();
  const seen = new Set<string>();
  for (const [name, value] of Object.entries(json)) {
    if (value === null || value === undefined) continue;
    const field = fieldNamed(type, name);
    if (!field) {
      refuse(
        `Invalid JSON payload received. Unknown name "${name}"${path && ` at '${path}'`}: Cannot find field.`,
      );
      continue;
    }
    const oneof = field.partOf?.name;
    if (seen.has(field.name) || (oneof && chosen.has(oneof))) {
      refuse(
        oneof && !seen.has(field.name)
          ? `Invalid value at '${path}' (oneof), oneof field '${oneof}' is already set. Cannot set '${field.name}'`
          : `Invalid JSON payload received. Unknown name "${name}"${path && ` at '${path}'`}: Proto field is already set.`,
      );
      continue;
    }
    seen.add(field.name);
    if (oneof) chosen.set(oneof, field.name);
    const at = path ? `${path}.${protoName(field)}` : protoName(field);
    const read = readField(field, value, at, violations);
    if (read !== unreadable && !isLeftOut(field, read)) message[field.name] = read;
  }
  return message;
}

function readField(
  field: protobuf.Field,
  json: unknown,
  path: string,
  violations: FieldViolation[],
): unknown {
  if (field instanceof protobuf.MapField) {
    if (typeof json !== "object" || json === null || Array.isArray(json)) {
      violations.push({ field: path, description: invalidValue(path, "Map", describe(json)) });
      return unreadable;
    }
    const entries = Object.entries(json).map(([key, value], index) => {
      return [key, readValue(field, value, `${path}[${index}].value`, violations)] as const;
    });
    return Object.fromEntries(entries.filter(([, value]) => value !== unreadable));
  }
  if (field.repeated) {
    if (!Array.isArray(json)) {
      violations.push({ field: path, description: invalidValue(path, "List", describe(json)) });
      return unreadable;
    }
    return json
      .map((value, index) => readValue(field, value, `${path}[${index}]`, violations))
      .filter((value) => value !== unreadable);
  }
  if (Array.isArray(json)) {
    const description = `Invalid JSON payload received. Unknown name "${field.name}" at '${path}': Proto field is not repeating, cannot start list.`;
    violations.push({ field: path, description });
    return unreadable;
  }
  return readValue(field, json, path, violations);
}

function readValue(
  field: protobuf.Field,
  json: unknown,
  path: string,
  violations: FieldViolation[],
): unknown {
  const refuse = (kind: string, problem: string): typeof unreadable => {
    violations.push({ field: path, description: invalidValue(path, kind, problem) });
    return unreadable;
  };
  const type = field.resolvedType;
  if (type instanceof protobuf.Enum) {
    const name = typeof json === "number" ? type.valuesById[json] : (json as string);
    if (typeof name === "string" && Object.hasOwn(type.values, name)) return name;
    return refuse(`type.googleapis.com/${nameOf(type)}`, describe(json));
  }
  if (type && isWrapper(type.fullName)) {
    return readValue(type.fields["value"]!.resolve(), json, path, violations);
  }
  if (type) {
    const special = wellKnown[type.fullName];
    if (!special) return readObject(type, json, path, violations);
    const read = special(json, field.name);
    return "value" in read
      ? read.value
      : refuse(`type.googleapis.com/${nameOf(type)}`, read.problem);
  }
  return readScalar(field.type, json) ?? refuse(`TYPE_${field.type.toUpperCase()}`, describe(json));
}

/** A default of a field that cannot tell it from absence is no part of the canonical form. */
function isLeftOut(field: protobuf.Field, value: unknown): boolean {
  if (field instanceof protobuf.MapField) return Object.keys(value as object).length === 0;
  if (field.repeated) return (value as unknown[]).length === 0;
  if (field.partOf) return false;
  if (field.resolvedType instanceof protobuf.Enum) {
    return field.resolvedType.values[value as string] === 0;
  }
  return field.resolvedType === null && isDefault(value);
}

function invalidValue(path: string, kind: string, problem: string): string {
  return `Invalid value at '${path}' (${kind}), ${problem}`;
}

function describe(json: unknown): string {
  return typeof json === "object" ? "Starting an object on a scalar field" : JSON.stringify(json);
}

function nameOf(type: protobuf.ReflectionObject): string {
  return type.fullName.slice(1);
}
