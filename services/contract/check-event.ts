import { Ajv } from "ajv";
import type { ErrorObject } from "ajv";

import { eventSchema } from "./event-schema.ts";
import type { Event } from "./event.ts";
import { unstorablePart } from "./storable.ts";

const matchesSchema = new Ajv({ allowUnionTypes: true }).compile<Event>(eventSchema);

/**
 * Why `event` breaks the contract, as `<field> must <rule>, got <value>`; undefined if it holds.
 *
 * Values in the reason are abridged; they may be personal data, so keep the reason where the event is kept.
 */
export function contractBreach(event: Event): string | undefined {
  if (!matchesSchema(event)) return describe(matchesSchema.errors![0]!, event);
  return (
    unstorablePart(event.id, "id") ??
    unstorablePart(event.name, "name") ??
    unstorablePart(event.anonymousId, "anonymousId") ??
    unstorablePart(event.userId, "userId") ??
    unstorablePart(event.campaign, "campaign") ??
    unstorablePart(event.context, "context") ??
    unstorablePart(event.properties, "properties")
  );
}

function describe(error: ErrorObject, event: Event): string {
  const path = error.instancePath.split("/").slice(1);
  let value: unknown = event;
  for (const key of path) value = (value as Record<string, unknown>)[key];
  const choices = (error.params as { allowedValues?: string[] }).allowedValues;
  const rule = choices ? `must be one of ${choices.join(", ")}` : error.message;
  return `${path.join(".") || "event"} ${rule}, got ${abridged(JSON.stringify(value) ?? "nothing")}`;
}

function abridged(json: string): string {
  return json.length > 80 ? `${json.slice(0, 80)}…` : json;
}
