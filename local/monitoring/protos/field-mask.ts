import protobuf from "protobufjs";
import { invalidField } from "../api-error.ts";
import { fieldNamed, type Message } from "./schema.ts";

/**
 * What an update leaves: `stored` with the fields that `mask` names taken from `given`.
 *
 * A field that the mask names and `given` lacks is cleared. A path may go into messages and maps
 * (`documentation.content`, `user_labels.team`), not into lists. No mask, or `*`, replaces everything.
 *
 * @param mask comma-separated paths, in camelCase or snake_case.
 * @throws ApiError if a path names no field.
 */
export function applyMask(
  type: protobuf.Type,
  mask: string | undefined,
  stored: Message,
  given: Message,
): Message {
  const paths = (mask ?? "").split(",").map((path) => path.trim());
  if (mask === undefined || mask === "" || paths.includes("*")) return structuredClone(given);
  const updated = structuredClone(stored);
  for (const path of paths) copyPath(type, path.split("."), updated, given, path);
  return updated;
}

function copyPath(
  type: protobuf.Type,
  [name = "", ...rest]: readonly string[],
  target: Message,
  source: Message,
  path: string,
): void {
  const field = fieldNamed(type, name);
  const nested = field?.resolvedType;
  if (!field || (rest.length > 0 && !canDescend(field))) {
    throw invalidField("update_mask", path, `${type.name} has no such field that can be updated.`);
  }
  const value = source[field.name];
  if (rest.length === 0) {
    clearSiblings(field, target, value);
    setOrClear(target, field.name, value);
    return;
  }
  const inner = { ...(target[field.name] as Message | undefined) };
  const given = (value ?? {}) as Message;
  if (field instanceof protobuf.MapField) {
    const key = rest.join(".");
    setOrClear(inner, key, given[key]);
  } else {
    copyPath(nested as protobuf.Type, rest, inner, given, path);
  }
  const empty = Object.keys(inner).length === 0 && value === undefined;
  clearSiblings(field, target, empty ? undefined : inner);
  setOrClear(target, field.name, empty ? undefined : inner);
}

function canDescend(field: protobuf.Field): boolean {
  return (
    field instanceof protobuf.MapField ||
    (field.resolvedType instanceof protobuf.Type && !field.repeated)
  );
}

/** Setting one member of a oneof unsets the others. */
function clearSiblings(field: protobuf.Field, target: Message, value: unknown): void {
  if (value === undefined || !field.partOf) return;
  for (const other of field.partOf.fieldsArray) setOrClear(target, other.name, undefined);
}

function setOrClear(target: Message, key: string, value: unknown): void {
  if (value === undefined) Reflect.deleteProperty(target, key);
  else target[key] = structuredClone(value);
}
