import type { Case } from "../case.ts";

const GROUP = "kubernetes:rbac.authorization.k8s.io/v1";
const rule = { apiGroups: [""], resources: ["pods"], verbs: ["get"] };
const known = { kind: "ServiceAccount", name: "worker", namespace: "prod" };
const binding = (role: string, subject: object): Record<string, unknown> => ({
  roleRef: { apiGroup: "rbac.authorization.k8s.io", kind: "ClusterRole", name: role },
  subjects: [subject],
});

/** Mutants of rights in the cluster, each with its good twin. */
export const rbacCases: readonly Case[] = [
  ...(
    [
      ["verbs", "*"],
      ["resources", "*"],
      ["resources", "deployments/*"],
      ["apiGroups", "*"],
    ] as const
  ).map(([field, value]): Case => ({
    rule: "rbac",
    what: `${value} in ${field}`,
    type: `${GROUP}:Role`,
    stack: "prod",
    good: { rules: [rule] },
    mutant: { rules: [rule, { ...rule, [field]: [value] }] },
    says: [`rules[1].${field} must name what it allows, got ["${value}"]; list what is used`],
  })),
  {
    rule: "rbac",
    what: "every path of the API server",
    type: `${GROUP}:ClusterRole`,
    stack: "prod",
    good: { rules: [{ nonResourceURLs: ["/healthz"], verbs: ["get"] }] },
    mutant: { rules: [{ nonResourceURLs: ["/*"], verbs: ["get"] }] },
    says: ['rules[0].nonResourceURLs must name what it allows, got ["/*"]; list what is used'],
  },
  ...["cluster-admin", "admin", "edit"].map((role): Case => ({
    rule: "rbac",
    what: `the role ${role}`,
    type: `${GROUP}:ClusterRoleBinding`,
    stack: "prod",
    good: binding("worker", known),
    mutant: binding(role, known),
    says: [`roleRef must be a role of one's own, got "${role}"; declare a Role`],
  })),
  ...["system:masters", "system:authenticated", "system:unauthenticated"].map((group): Case => ({
    rule: "rbac",
    what: `the group ${group}`,
    type: `${GROUP}:RoleBinding`,
    stack: "prod",
    good: binding("worker", known),
    mutant: binding("worker", { kind: "Group", name: group }),
    says: [`subjects must be known, got ${group}; bind one service account`],
  })),
];
