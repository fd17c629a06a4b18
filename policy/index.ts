import { PolicyPack, type PolicyConfigSchema } from "@pulumi/policy";
import type { StackDeclaration } from "./rule.ts";
import { rules } from "./rules.ts";

/** A {@link StackDeclaration}, as each rule is told it. */
const properties: Record<keyof StackDeclaration, PolicyConfigSchema["properties"][string]> = {
  registry: { type: "string" },
  buildsImages: { type: "boolean" },
  nodePorts: { type: "array", items: { type: "integer" } },
  publicHosts: { type: "array", items: { type: "string" } },
  protectsData: { type: "boolean" },
};
const configSchema = { properties, required: Object.keys(properties) };

new PolicyPack("marketing-stack", {
  enforcementLevel: "mandatory",
  policies: rules.map(({ name, description, check }) => ({
    name,
    description,
    configSchema,
    validateResource: ({ type, props, opts, getConfig }, reportViolation) => {
      const resource = { type, props, isProtected: opts.protect };
      for (const problem of check(resource, getConfig<StackDeclaration>()))
        reportViolation(problem);
    },
  })),
});
