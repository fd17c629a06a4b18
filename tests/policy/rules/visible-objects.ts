import type { Case } from "../case.ts";
import { deployment, pod } from "../good.ts";

function of(mutantType: string, mutant: Case["mutant"], instead: string): Case {
  return {
    rule: "visible-objects",
    what: `a ${mutantType.split(":").at(-1)}`,
    type: "kubernetes:apps/v1:Deployment",
    stack: "prod",
    good: deployment(pod),
    mutantType,
    mutant,
    says: [`type must be a whole object of Kubernetes, got ${mutantType}; ${instead}`],
  };
}

/** Mutants that hide objects from the rules, each with its good twin. */
export const visibleObjectCases: readonly Case[] = [
  of(
    "kubernetes:helm.sh/v3:Release",
    { chart: "charts/cms" },
    "take a Chart of helm.v4, whose objects are resources",
  ),
  of(
    "kubernetes:apps/v1:DeploymentPatch",
    { metadata: { name: "app" } },
    "declare the whole object",
  ),
  of("kubernetes:core/v1:ConfigMapList", { items: [] }, "declare each object"),
];
