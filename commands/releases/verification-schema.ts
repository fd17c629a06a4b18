/** JSON Schema of a verification record. */
export const verificationSchema = {
  type: "object",
  additionalProperties: false,
  required: ["version", "release", "environment", "verifiedAt", "checks"],
  properties: {
    version: { const: 1 },
    release: { type: "string", pattern: "^[0-9a-f]{16}$" },
    environment: { type: "string", pattern: "^[a-z0-9][a-z0-9-]{0,39}$" },
    verifiedAt: {
      type: "string",
      pattern: "^\\d{4}-\\d\\d-\\d\\dT\\d\\d:\\d\\d:\\d\\d(\\.\\d+)?Z$",
    },
    checks: {
      type: "array",
      minItems: 1,
      items: {
        type: "object",
        additionalProperties: false,
        required: ["name", "result", "detail"],
        properties: {
          name: { type: "string", minLength: 1, maxLength: 200 },
          result: { const: "passed" },
          detail: { type: "string", maxLength: 2000 },
        },
      },
    },
  },
} as const;
