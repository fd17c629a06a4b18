import type { Registered } from "../../../commands/mocks/registered.ts";

/** A resource of a program, `overrides` apart one that a provider makes and nothing protects. */
export function registered(name: string, overrides: Partial<Registered> = {}): Registered {
  const type = overrides.type ?? "kubernetes:core/v1:Service";
  return {
    urn: `urn:pulumi:dev::marketing-stack::${type}::${name}`,
    type,
    name,
    parent: "",
    isResource: true,
    hasUnknownChildren: false,
    isProtected: false,
    isRetained: false,
    aliases: [],
    inputs: {},
    ...overrides,
  };
}
