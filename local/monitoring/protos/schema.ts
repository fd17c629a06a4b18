import { createRequire } from "node:module";
import protobuf from "protobufjs";

const require = createRequire(import.meta.url);

/** Google's published messages and services of Cloud Monitoring, as the official client ships them. */
export const schema = protobuf.Root.fromJSON(
  require("@google-cloud/monitoring/build/protos/protos.json") as protobuf.INamespace,
);
schema.resolveAll();

/** A message in its canonical JSON form: camelCase names, enum names, 64-bit integers as text, no defaults. */
export type Message = Record<string, unknown>;

/** Name of a field as the .proto file spells it. */
export function protoName(field: protobuf.Field): string {
  return field.name.replace(/[A-Z]/g, (letter) => `_${letter.toLowerCase()}`);
}

/** The field that `name` means, in camelCase or as the .proto file spells it. */
export function fieldNamed(type: protobuf.Type, name: string): protobuf.Field | undefined {
  return type.fieldsArray.find((field) => field.name === name || protoName(field) === name);
}

/** True for a value of the type's zero, which the canonical form leaves out. */
export function isDefault(value: unknown): boolean {
  return value === undefined || value === 0 || value === "" || value === "0" || value === false;
}
