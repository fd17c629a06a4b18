import { Ajv } from "ajv";

import { eventSchema } from "./event-schema.ts";
import type { Event } from "./event.ts";
import { schemaBreach } from "./schema-breach.ts";
import { unstorablePart } from "./storable.ts";

const matchesSchema = new Ajv({ allowUnionTypes: true }).compile<Event>(eventSchema);

/**
 * Why `event` breaks the contract, as `<field> must <rule>, got <value>`; undefined if it holds.
 *
 * Values in the reason are abridged; they may be personal data, so keep the reason where the event is kept.
 */
export function contractBreach(event: Event): string | undefined {
  if (!matchesSchema(event)) return schemaBreach(matchesSchema.errors![0]!, event, "event");
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
