import { readdirSync, readFileSync } from "node:fs";
import { createRequire } from "node:module";
import { join } from "node:path";
import protobuf from "protobufjs";

const require = createRequire(import.meta.url);

/** `.proto` files of google-proto-files 6.0.1, unchanged: those of which no client ships a copy. */
const published = join(import.meta.dirname, "published");

/** Google's published messages and services: of Cloud Monitoring, its dashboards and scopes, and of log metrics. */
export const schema = protobuf.Root.fromJSON(
  merged(
    require("@google-cloud/monitoring/build/protos/protos.json") as protobuf.INamespace,
    require("@google-cloud/monitoring-dashboards/build/protos/protos.json") as protobuf.INamespace,
  ),
);
for (const file of readdirSync(published)) {
  protobuf.parse(readFileSync(join(published, file), "utf8"), schema);
}
// In the API's discovery document and sent by the provider, but not in the published protos, so its number is made up.
schema
  .lookupType("google.monitoring.v3.UptimeCheckConfig")
  .add(new protobuf.Field("logCheckFailures", 1000, "bool"));
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

/** Both namespaces in one; what both have (`google.api` and its like) is taken from the first. */
function merged(first: protobuf.INamespace, second: protobuf.INamespace): protobuf.INamespace {
  const nested = { ...first.nested };
  for (const [name, other] of Object.entries(second.nested ?? {})) {
    const own = nested[name];
    nested[name] =
      own && isNamespace(own) && isNamespace(other) ? merged(own, other) : (own ?? other);
  }
  return { ...first, nested };
}

function isNamespace(object: protobuf.AnyNestedObject): object is protobuf.INamespace {
  return !("fields" in object) && "nested" in object;
}
