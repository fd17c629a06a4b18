import fc from "fast-check";
import type { Change, Digest } from "../../../commands/digest/digest.ts";
import { fingerprintOf } from "../../../commands/digest/values.ts";

/** A change of one resource, `overrides` apart an update that nobody wonders about. */
export function change(overrides: Partial<Change> = {}): Change {
  const type = overrides.type ?? "kubernetes:apps/v1:Deployment";
  const name = overrides.name ?? "cms";
  return {
    urn: `urn:pulumi:dev::marketing-stack::${type}::${name}`,
    type,
    name,
    op: "update",
    paths: [],
    replacedBy: [],
    isProtected: false,
    isRetained: false,
    losesProtection: false,
    values: null,
    ...overrides,
  };
}

/** A finished preview by the engine with these changes. */
export function digest(changes: readonly Change[], overrides: Partial<Digest> = {}): Digest {
  return {
    version: 1,
    stack: "dev",
    about: "preview",
    tier: "engine",
    notes: [],
    complete: true,
    changes,
    campaigns: [],
    unchanged: 7,
    violations: [],
    policyPacks: {},
    errors: [],
    fingerprint: fingerprintOf("dev", changes),
    ...overrides,
  };
}

const text = fc.oneof(
  fc.string({ unit: "grapheme", maxLength: 40 }),
  fc.constantFrom(
    "@everyone",
    "<img src=x>",
    "](javascript:alert(1))",
    "```",
    "a|b",
    "\u202e",
    "`",
  ),
);

/** Changes of different resources, whatever they are called. */
export const anyChanges: fc.Arbitrary<Change[]> = fc.uniqueArray(
  fc.record({
    urn: fc.uuid(),
    type: fc.oneof(
      text,
      fc.constantFrom("kubernetes:apps/v1:StatefulSet", "kubernetes:core/v1:Namespace"),
    ),
    name: text,
    op: fc.constantFrom("create", "update", "replace", "delete", "import"),
    paths: fc.uniqueArray(text, { maxLength: 20 }),
    replacedBy: fc.constant([]),
    isProtected: fc.boolean(),
    isRetained: fc.boolean(),
    losesProtection: fc.boolean(),
    values: fc.option(fc.constantFrom("one", "two"), { nil: null }),
  }) as fc.Arbitrary<Change>,
  { selector: ({ urn }) => urn, maxLength: 12 },
);

/** Messages of the engine, of providers and of policies. */
export const anyText = text;
