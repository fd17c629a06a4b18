import { PURPOSES } from "./event.ts";
import { BUCKETINGS, FLAG_KINDS, WHOLE } from "./flag.ts";

const name = { type: "string", pattern: "^[A-Za-z0-9_-]{1,64}$", maxLength: 64 };

const share = { type: "integer", minimum: 0, maximum: WHOLE };

const rule = {
  type: "object",
  additionalProperties: false,
  required: ["attribute"],
  minProperties: 2,
  properties: {
    attribute: { type: "string", pattern: "^[A-Za-z][A-Za-z0-9_]{0,63}$", maxLength: 64 },
    in: {
      type: "array",
      minItems: 1,
      maxItems: 100,
      items: { type: ["string", "number", "boolean"], maxLength: 256 },
    },
    atLeast: { type: "number" },
    atMost: { type: "number" },
    not: { type: "boolean" },
  },
};

/** JSON schema (draft 7) of a `Flag`; what concerns several fields at once is in `flagBreach`. */
export const flagSchema = {
  $schema: "http://json-schema.org/draft-07/schema#",
  title: "Flag",
  type: "object",
  additionalProperties: false,
  required: [
    "key",
    "kind",
    "enabled",
    "bucketing",
    "salt",
    "variants",
    "rollout",
    "audience",
    "campaign",
  ],
  properties: {
    key: name,
    kind: { enum: FLAG_KINDS },
    enabled: { type: "boolean" },
    bucketing: { enum: BUCKETINGS },
    salt: name,
    variants: {
      type: "array",
      minItems: 2,
      maxItems: 20,
      items: {
        type: "object",
        additionalProperties: false,
        required: ["key", "value", "weight"],
        properties: {
          key: name,
          value: { type: ["boolean", "number", "string", "object"], maxLength: 10_000 },
          weight: share,
          rolloutWeight: share,
        },
      },
    },
    rollout: share,
    audience: { type: "array", maxItems: 40, items: rule },
    consent: { type: "array", uniqueItems: true, items: { enum: PURPOSES } },
    campaign: { type: ["string", "null"], minLength: 1, maxLength: 256 },
  },
} as const;
