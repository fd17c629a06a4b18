import { EVENT_TYPES, MAX_CAMPAIGN, MAX_NAME, PURPOSES } from "./event.ts";

const text = (maxLength: number, minLength = 1): object => ({
  type: "string",
  minLength,
  maxLength,
});

const orNull = (schema: object): object => ({ ...schema, type: ["string", "null"] });

const time = {
  type: "string",
  maxLength: 24,
  pattern: "^(19[7-9]|[2-9]\\d\\d)\\d-\\d\\d-\\d\\dT\\d\\d:\\d\\d:\\d\\d\\.\\d{3}Z$",
};

/** JSON schema (draft 7) of an `Event`; lengths are in code points. */
export const eventSchema = {
  $schema: "http://json-schema.org/draft-07/schema#",
  title: "Event",
  type: "object",
  additionalProperties: false,
  required: [
    "source",
    "id",
    "type",
    "name",
    "dialect",
    "anonymousId",
    "userId",
    "occurredAt",
    "receivedAt",
    "context",
    "properties",
    "consent",
    "campaign",
  ],
  properties: {
    source: { type: "string", pattern: "^[a-z0-9-]{1,63}$", maxLength: 63 },
    id: text(256),
    type: { enum: EVENT_TYPES },
    name: orNull(text(MAX_NAME, 0)),
    dialect: orNull({ pattern: "^[a-z0-9-]{1,32}$", maxLength: 32 }),
    anonymousId: orNull(text(256)),
    userId: orNull(text(256)),
    occurredAt: time,
    receivedAt: time,
    context: { type: "object" },
    properties: { type: "object" },
    consent: { type: "array", uniqueItems: true, items: { enum: PURPOSES } },
    campaign: orNull(text(MAX_CAMPAIGN, 0)),
  },
} as const;
