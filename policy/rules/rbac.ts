import type { Rule } from "../rule.ts";

interface RoleRule {
  readonly apiGroups?: readonly string[];
  readonly resources?: readonly string[];
  readonly verbs?: readonly string[];
  readonly nonResourceURLs?: readonly string[];
}

const GROUP = "kubernetes:rbac.authorization.k8s.io/v1";

/** Nobody may do everything in the cluster. */
export const rbac: Rule = {
  name: "rbac",
  description: "No role of the cluster has a wildcard, and nobody is bound to an administrator's.",
  check({ type, props }) {
    if (type === `${GROUP}:Role` || type === `${GROUP}:ClusterRole`) {
      return ((props.rules ?? []) as readonly RoleRule[]).flatMap(wildcards);
    }
    if (type === `${GROUP}:RoleBinding` || type === `${GROUP}:ClusterRoleBinding`) {
      return bindingProblems(props);
    }
    return [];
  },
};

function wildcards(rule: RoleRule, index: number): string[] {
  return (["apiGroups", "resources", "verbs", "nonResourceURLs"] as const)
    .filter((field) => rule[field]?.some((value) => value.includes("*")))
    .map(
      (field) =>
        `rules[${index}].${field} must name what it allows, got ${JSON.stringify(rule[field])}; list what is used`,
    );
}

function bindingProblems(props: Readonly<Record<string, unknown>>): string[] {
  const { name } = (props.roleRef ?? {}) as { name?: string };
  const subjects = (props.subjects ?? []) as readonly { name?: string }[];
  const groups = subjects
    .map((subject) => subject.name ?? "")
    .filter((subject) => /^system:(masters|anonymous|(un)?authenticated)$/.test(subject));
  return [
    ...(/^(cluster-admin|admin|edit)$/.test(name ?? "")
      ? [`roleRef must be a role of one's own, got ${JSON.stringify(name)}; declare a Role`]
      : []),
    ...groups.map((group) => `subjects must be known, got ${group}; bind one service account`),
  ];
}
