import type { ErrorObject } from "ajv";

/** What a schema found wrong with `value`, as `<field> must <rule>, got <value>`; `title` is its name. */
export function schemaBreach(error: ErrorObject, value: unknown, title: string): string {
  const path = error.instancePath.split("/").slice(1);
  let found = value;
  for (const key of path) found = (found as Record<string, unknown>)[key];
  const choices = (error.params as { allowedValues?: string[] }).allowedValues;
  const rule = choices ? `must be one of ${choices.join(", ")}` : error.message;
  return `${path.join(".") || title} ${rule}, got ${abridged(JSON.stringify(found) ?? "nothing")}`;
}

function abridged(json: string): string {
  return json.length > 80 ? `${json.slice(0, 80)}…` : json;
}
